import type { SchemaProblem } from './problem';
import { isObject, isList, present } from './objects';
import { field, item } from './problem';
import { validateObject } from './validate';

/** Minor releases of Istio whose fields are known, the oldest first. */
export const ISTIO_RELEASES: readonly string[] = ['1.28', '1.29', '1.30', '1.31'];

/** A field that a release brought; its name stands nowhere else in the kind. */
interface Addition {
  readonly kind: string;
  readonly field: string;
  readonly since: string;
}

/** The differences of the CRDs of istio.io/api from one release to the next; the shipped schemas are those of 1.30. */
const ADDITIONS: readonly Addition[] = [
  { kind: 'EnvoyFilter', field: 'waypoint', since: '1.29' },
  { kind: 'Telemetry', field: 'formatter', since: '1.29' },
  { kind: 'AuthorizationPolicy', field: 'trustDomains', since: '1.30' },
  { kind: 'AuthorizationPolicy', field: 'notTrustDomains', since: '1.30' },
  { kind: 'Telemetry', field: 'disableContextPropagation', since: '1.30' },
  { kind: 'DestinationRule', field: 'http2KeepAlive', since: '1.31' },
  { kind: 'DestinationRule', field: 'zoneAwareLbSetting', since: '1.31' },
  { kind: 'DestinationRule', field: 'outlierDetectionHttpErrorCodes', since: '1.31' },
  { kind: 'DestinationRule', field: 'budgetInterval', since: '1.31' },
  { kind: 'Gateway', field: 'insecureSkipVerify', since: '1.31' },
  { kind: 'Sidecar', field: 'http2KeepAlive', since: '1.31' },
  { kind: 'Sidecar', field: 'insecureSkipVerify', since: '1.31' },
];

const SHIPPED = '1.30';
const ISTIO_GROUP = /^(networking|security|telemetry|extensions)\.istio\.io\/(v1|v1beta1|v1alpha3|v1alpha1)$/;
const NEWEST_VERSIONS: Readonly<Record<string, string>> = {
  EnvoyFilter: 'v1alpha3',
  ProxyConfig: 'v1beta1',
  WasmPlugin: 'v1alpha1',
  TrafficExtension: 'v1alpha1',
};

/** A field that the chosen release does not have yet. */
export interface EarlyField {
  readonly path: string;
  readonly name: string;
  readonly since: string;
}

/** What the API server of a cluster with the CRDs of a release of Istio would refuse; older versions of a kind are the same fields. */
export function validateForRelease(object: unknown, release: string): readonly SchemaProblem[] {
  const newest = inNewestVersion(object);
  const kind = isObject(object) ? object['kind'] : undefined;
  const later = ADDITIONS.filter((added) => added.kind === kind && isBefore(SHIPPED, added.since));
  return validateObject(newest).filter(
    (problem) =>
      !(
        problem.check === 'unknown field' &&
        later.some((added) => isBefore(added.since, release, true) && lastName(problem.path) === added.field)
      ) && !(problem.message.includes('MERGE_AND_REPLACE_LIST') && !isBefore(release, '1.31')),
  );
}

/** The fields of an object that are newer than a release. */
export function fieldsAfter(object: unknown, release: string): readonly EarlyField[] {
  if (!isObject(object)) return [];
  const early = ADDITIONS.filter(({ kind, since }) => kind === object['kind'] && isBefore(release, since));
  if (early.length === 0 || !isIstio(object['apiVersion'])) return [];
  return find(object['spec'], 'spec', new Map(early.map(({ field: name, since }) => [name, since])));
}

function find(value: unknown, path: string, wanted: ReadonlyMap<string, string>): readonly EarlyField[] {
  if (isList(value)) return value.flatMap((entry, index) => find(entry, item(path, index), wanted));
  if (!isObject(value)) return [];
  return present(value).flatMap(([name, entry]) => {
    const since = wanted.get(name);
    const at = field(path, name);
    return since === undefined ? find(entry, at, wanted) : [{ path: at, name, since }];
  });
}

function inNewestVersion(object: unknown): unknown {
  if (!isObject(object) || !isIstio(object['apiVersion']) || typeof object['kind'] !== 'string') return object;
  const group = object['apiVersion'].split('/')[0] ?? '';
  return { ...object, apiVersion: `${group}/${NEWEST_VERSIONS[object['kind']] ?? 'v1'}` };
}

function isIstio(apiVersion: unknown): apiVersion is string {
  return typeof apiVersion === 'string' && ISTIO_GROUP.test(apiVersion);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isBefore(a: string, b: string, orSame = false): boolean {
  const [minorA, minorB] = [a, b].map((release) => Number(release.split('.')[1]));
  return orSame ? Number(minorA) <= Number(minorB) : Number(minorA) < Number(minorB);
}
