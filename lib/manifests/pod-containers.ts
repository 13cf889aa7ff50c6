import { fieldAt, recordList } from './objects';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];

/** A container as far as a mesh has to do with it. */
export interface PodContainer {
  readonly name: string;
  /** It runs to its end before the application starts. */
  readonly runsBefore: boolean;
  /** User that it runs as, by its own word or the pod's; undefined is the image's. */
  readonly user: number | undefined;
  /** Group that it runs as, likewise. */
  readonly group: number | undefined;
  /** Probes of it by which the kubelet sends requests. */
  readonly requestProbes: readonly string[];
}

/** The containers of a pod, in the order in which they start. */
export function podContainers(podSpec: unknown): readonly PodContainer[] {
  const read = (container: Readonly<Record<string, unknown>>, runsBefore: boolean): PodContainer => ({
    name: typeof container.name === 'string' ? container.name : '',
    runsBefore,
    user: securityNumber(podSpec, container, 'runAsUser'),
    group: securityNumber(podSpec, container, 'runAsGroup'),
    requestProbes: PROBES.filter((probe) =>
      ['httpGet', 'grpc'].some((kind) => fieldAt(container, probe, kind) !== undefined),
    ),
  });
  return [
    ...recordList(fieldAt(podSpec, 'initContainers')).map((container) =>
      read(container, container.restartPolicy !== 'Always'),
    ),
    ...recordList(fieldAt(podSpec, 'containers')).map((container) => read(container, false)),
  ];
}

/** Whether pods of such a workload are meant to end by themselves. */
export function podsEnd(kind: string, restartPolicy: unknown): boolean {
  return (
    kind === 'Job' || kind === 'CronJob' || (kind === 'Pod' && ['Never', 'OnFailure'].includes(String(restartPolicy)))
  );
}

function securityNumber(podSpec: unknown, container: unknown, field: string): number | undefined {
  const value = fieldAt(container, 'securityContext', field) ?? fieldAt(podSpec, 'securityContext', field);
  return typeof value === 'number' ? value : undefined;
}
