import type { KubeObject } from '../objects';
import { apiGroup, isRecord, textAt } from '../objects';

/** The host for which an object defines subsets, as it is written; undefined where it is no DestinationRule. */
export function definesSubsetsOf(object: KubeObject): string | undefined {
  return isNetworking(object, 'DestinationRule') ? textAt(object, 'spec', 'host') : undefined;
}

/** Hosts to whose subsets an object leads, as they are written: until a DestinationRule defines them, requests get 503. */
export function needsSubsetsOf(object: KubeObject): ReadonlySet<string> {
  const hosts = new Set<string>();
  if (!isNetworking(object, 'VirtualService')) return hosts;
  const waiting: unknown[] = [object['spec']];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (Array.isArray(at)) waiting.push(...(at as readonly unknown[]));
    if (!isRecord(at)) continue;
    const { host, subset } = at;
    if (typeof host === 'string' && typeof subset === 'string') hosts.add(host);
    waiting.push(...Object.values(at));
  }
  return hosts;
}

function isNetworking({ apiVersion, kind }: KubeObject, wanted: string): boolean {
  return kind === wanted && apiGroup(apiVersion) === 'networking.istio.io';
}
