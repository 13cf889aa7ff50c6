import { requireDay } from '../intent/end-date';

/**
 * The day for which end dates are judged: `CDK8S_MESH_TODAY` if set, else the clock's day in UTC. This is the only place
 * that asks, and no output depends on it: only whether an error or a warning exists.
 */
export function today(): string {
  const said = process.env.CDK8S_MESH_TODAY;
  return said === undefined || said === ''
    ? new Date().toISOString().slice(0, 10)
    : requireDay('environment variable CDK8S_MESH_TODAY', said);
}
