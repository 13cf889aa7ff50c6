import { Kind } from '../kinds';
import { fieldAt, indexedRecords, isRecord, textAt } from '../objects';
import type { ManifestView } from '../view';
import type { Policy } from './policies';
import { policies, policiesOf } from './policies';
import type { Workload } from './workloads';

type Fields = Readonly<Record<string, unknown>>;

export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** A source, an operation or a condition, and where it stands. */
export interface Part {
  readonly path: string;
  readonly fields: Fields;
}

export interface AuthorizationRule {
  readonly path: string;
  readonly fields: Fields;
  readonly sources: readonly Part[];
  readonly operations: readonly Part[];
  readonly conditions: readonly Part[];
}

/** An AuthorizationPolicy. */
export interface AuthorizationPolicy extends Policy {
  readonly action: Action;
  readonly rules: readonly AuthorizationRule[];
  /** It is only tried out. */
  readonly isDryRun: boolean;
}

/** All AuthorizationPolicies of the set. */
export function authorizationPolicies(view: ManifestView): readonly AuthorizationPolicy[] {
  return view.fact(readAll);
}

/** The AuthorizationPolicies that a workload's proxy enforces or tries out. */
export function authorizationOf(view: ManifestView, workload: Workload): readonly AuthorizationPolicy[] {
  const known = view.fact(indexByPolicy);
  return policiesOf(view, Kind.AUTHORIZATION_POLICY, workload).flatMap((policy) => known.get(policy) ?? []);
}

/** Fields of a source or an operation that only HTTP requests have. */
export const HTTP_FIELDS: readonly string[] = [
  'hosts',
  'notHosts',
  'methods',
  'notMethods',
  'paths',
  'notPaths',
  'requestPrincipals',
  'notRequestPrincipals',
];

/** Fields, with their paths, of a rule that only HTTP requests have. */
export function httpFields({ sources, operations, conditions }: AuthorizationRule): readonly string[] {
  return [
    ...[...sources, ...operations].flatMap(({ path, fields }) =>
      HTTP_FIELDS.filter((field) => fields[field] !== undefined).map((field) => `${path}.${field}`),
    ),
    ...conditions.flatMap(({ path, fields }) =>
      textAt(fields, 'key')?.startsWith('request.') === true ? [`${path}.key`] : [],
    ),
  ];
}

/** Whether a rule lets every request of everybody in the mesh through: its callers are only asked for some identity. */
export function isOpenToMesh({ sources, operations, conditions }: AuthorizationRule): boolean {
  return (
    operations.length === 0 &&
    conditions.length === 0 &&
    sources.some(({ fields }) => {
      const said = Object.entries(fields);
      return (
        said.length > 0 &&
        said.every(
          ([field, values]) =>
            (field === 'principals' || field === 'namespaces') && Array.isArray(values) && values.includes('*'),
        )
      );
    })
  );
}

/** Whether a rule lets every request through. */
export function isOpen({ sources, operations, conditions }: AuthorizationRule): boolean {
  return sources.length === 0 && operations.length === 0 && conditions.length === 0;
}

function readAll(view: ManifestView): readonly AuthorizationPolicy[] {
  return policies(view, Kind.AUTHORIZATION_POLICY).map((policy) => ({
    ...policy,
    action: (textAt(policy.spec, 'action') ?? 'ALLOW') as Action,
    rules: (Array.isArray(policy.spec['rules']) ? policy.spec['rules'] : []).map((rule: unknown, index) =>
      readRule(isRecord(rule) ? rule : {}, `spec.rules[${index}]`),
    ),
    isDryRun: policy.object.object.metadata?.annotations?.['istio.io/dry-run'] === 'true',
  }));
}

function readRule(fields: Fields, path: string): AuthorizationRule {
  const parts = (name: string, inner?: string): readonly Part[] =>
    indexedRecords(fields[name]).map(([entry, index]) => {
      const found = inner === undefined ? entry : fieldAt(entry, inner);
      return {
        path: `${path}.${name}[${index}]${inner === undefined ? '' : `.${inner}`}`,
        fields: isRecord(found) ? found : {},
      };
    });
  return {
    path,
    fields,
    sources: parts('from', 'source'),
    operations: parts('to', 'operation'),
    conditions: parts('when'),
  };
}

function indexByPolicy(view: ManifestView): ReadonlyMap<Policy, AuthorizationPolicy> {
  const all = policies(view, Kind.AUTHORIZATION_POLICY);
  return new Map(authorizationPolicies(view).map((policy, index) => [all[index] as Policy, policy]));
}
