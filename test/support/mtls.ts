import { isRecord, recordList } from '../../lib/manifests/objects';
import type { Manifest } from './mesh-app';
import { at } from './mesh-app';

/** A pod, or somebody who is no pod and calls from outside. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Whether it has a proxy. */
  readonly sidecar: boolean;
}

/** A call from pod to pod, by the host that the caller asks for and the port on which the container listens. */
export interface Call {
  readonly caller: Pod;
  readonly callee: Pod;
  readonly host: string;
  readonly containerPort: number;
}

type Mode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';
const ROOT = 'istio-system';
const DOMAIN = 'cluster.local';

/**
 * Whether a call gets through as far as mutual TLS and identities are concerned. The caller's proxy sends mutual TLS where the
 * callee has a proxy, unless a DestinationRule says otherwise; a caller without a proxy sends plain text. A callee without a
 * proxy takes plain text only; one with a proxy takes what its policies say.
 */
export function accepted(objects: readonly Manifest[], call: Call): boolean {
  const mtls = sendsMtls(objects, call);
  if (!call.callee.sidecar) return !mtls;
  const mode = modeOf(objects, call.callee, call.containerPort);
  const taken = mtls ? mode !== 'DISABLE' : mode !== 'STRICT';
  return taken && authorized(objects, call, mtls);
}

/** What holds at a port of a pod with a proxy: port before workload before namespace before mesh; unset inherits. */
export function modeOf(objects: readonly Manifest[], pod: Pod, containerPort: number): Mode {
  const policies = objects.filter(({ kind }) => kind === 'PeerAuthentication');
  const own = policies.filter((policy) => policy.metadata.namespace === pod.namespace);
  const workload = own.filter((policy) => hasSelector(policy) && selects(policy, pod));
  const mtls = (policy: Manifest | undefined) => modeAt(policy, 'mtls', 'mode');
  return (
    modeAt(workload[0], 'portLevelMtls', String(containerPort), 'mode') ??
    mtls(workload[0]) ??
    mtls(own.find((policy) => !hasSelector(policy))) ??
    mtls(policies.find((policy) => policy.metadata.namespace === ROOT && !hasSelector(policy))) ??
    'PERMISSIVE'
  );
}

function sendsMtls(objects: readonly Manifest[], { caller, callee, host, containerPort }: Call): boolean {
  if (!caller.sidecar) return false;
  const rules = objects.filter(({ kind, spec }) => kind === 'DestinationRule' && spec?.['host'] === host);
  const modes = rules
    .map((rule) => at(rule, 'spec', 'trafficPolicy', 'tls', 'mode'))
    .filter((mode) => mode !== undefined);
  if (modes.length > 0) return modes[0] !== 'DISABLE';
  return callee.sidecar && modeOf(objects, callee, containerPort) !== 'DISABLE';
}

function authorized(objects: readonly Manifest[], call: Call, mtls: boolean): boolean {
  const policies = objects.filter(
    (policy) =>
      policy.kind === 'AuthorizationPolicy' &&
      (policy.metadata.namespace === call.callee.namespace || policy.metadata.namespace === ROOT) &&
      (!hasSelector(policy) || selects(policy, call.callee)),
  );
  const matching = (action: string) =>
    policies
      .filter((policy) => (at(policy, 'spec', 'action') ?? 'ALLOW') === action)
      .map((policy) => matches(policy, call, mtls));
  const allowing = matching('ALLOW');
  return !matching('DENY').includes(true) && (allowing.length === 0 || allowing.includes(true));
}

function matches(policy: Manifest, { caller, containerPort }: Call, mtls: boolean): boolean {
  const identity = mtls ? `${DOMAIN}/ns/${caller.namespace}/sa/${caller.serviceAccount}` : undefined;
  const one = (principals: unknown) =>
    !Array.isArray(principals) ||
    principals.some((wanted: string) =>
      wanted.endsWith('*') ? identity?.startsWith(wanted.slice(0, -1)) === true : wanted === identity,
    );
  return recordList(at(policy, 'spec', 'rules')).some(({ from, to }) => {
    const sources = recordList(from).map(({ source }) => one(at(source, 'principals')));
    const ports = recordList(to).map(({ operation }) => at(operation, 'ports') as string[] | undefined);
    return (
      (sources.length === 0 || sources.includes(true)) &&
      (ports.length === 0 || ports.some((numbers) => numbers?.includes(String(containerPort)) ?? true))
    );
  });
}

function hasSelector(policy: Manifest): boolean {
  const labels = at(policy, 'spec', 'selector', 'matchLabels');
  return isRecord(labels) && Object.keys(labels).length > 0;
}

function selects(policy: Manifest, { labels }: Pod): boolean {
  const wanted = at(policy, 'spec', 'selector', 'matchLabels') as Readonly<Record<string, string>>;
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function modeAt(policy: Manifest | undefined, ...path: readonly string[]): Mode | undefined {
  const mode = at(policy, 'spec', ...path);
  return mode === undefined || mode === 'UNSET' ? undefined : (mode as Mode);
}
