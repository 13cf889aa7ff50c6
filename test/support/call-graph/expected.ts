import { foreignPods, sorted } from '../read-back';
import type { CallGraph, Caller, GrantEdge, OperationNode, PathNode, PortNode, ServiceNode } from './model';
import { keyOf, openedBy } from './model';
import { INGRESS_GATEWAY, RUNNER } from './synth';

/** One port that one grant opens. */
interface Opening {
  readonly grant: GrantEdge;
  readonly port: PortNode;
}

/** What `readCalls` must find: the union of what was granted, where a whole port swallows its single operations. */
export function expectedCalls(graph: CallGraph): readonly string[] {
  const opened = openings(graph);
  return sorted(
    opened.flatMap(({ grant, port }) => {
      const whole = opened.some(
        (other) =>
          other.grant.operations.length === 0 &&
          other.port === port &&
          principal(other.grant.caller) === principal(grant.caller),
      );
      const operations = whole ? ['* *'] : grant.operations.flatMap(operationTexts);
      const call = `${principal(grant.caller)} -> ${grant.callee}:${port.containerPort}`;
      return operations.map((operation) => `${call} ${operation}`);
    }),
  );
}

/** What `readImports` must find: the hosts that a service may call, or none. */
export function expectedImports({ services, grants }: CallGraph): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    services.map((service) => {
      const key = keyOf(service);
      const hosts = grants.filter(({ caller }) => 'service' in caller && caller.service === key).map(host);
      return [key, sorted(hosts.length > 0 ? hosts : ['~/*'])];
    }),
  );
}

/** What `readEgress` must find: the container ports of each grant to a service, DNS and the control plane. */
export function expectedEgress(graph: CallGraph): readonly string[] {
  const dns = foreignPods('kube-system', { 'k8s-app': 'kube-dns' });
  const baseline = [`${dns}:53`, `${dns}:53/UDP`, `${foreignPods('istio-system', { app: 'istiod' })}:15012`];
  return sorted([
    ...graph.services.flatMap((service) => baseline.map((peer) => `${keyOf(service)} -> ${peer}`)),
    ...openings(graph)
      .filter(({ grant }) => 'service' in grant.caller)
      .map(({ grant, port }) => `${pods(grant.caller)} -> ${grant.callee}:${port.containerPort}`),
  ]);
}

/** What `readIngress` must find: the container ports of each grant. */
export function expectedIngress(graph: CallGraph): readonly string[] {
  return sorted(
    openings(graph).map(({ grant, port }) => `${pods(grant.caller)} -> ${grant.callee}:${port.containerPort}`),
  );
}

function openings({ services, grants }: CallGraph): readonly Opening[] {
  const byKey = new Map<string, ServiceNode>(services.map((service) => [keyOf(service), service]));
  return grants.flatMap((grant) => {
    const callee = byKey.get(grant.callee);
    return callee === undefined ? [] : openedBy(grant, callee).map((port) => ({ grant, port }));
  });
}

function principal(caller: Caller): string {
  const [namespace, serviceAccount] =
    'service' in caller
      ? caller.service.split('/')
      : {
          'ingress gateway': [INGRESS_GATEWAY.namespace, INGRESS_GATEWAY.serviceAccount],
          'namespace ops': ['ops', '*'],
          'service account ops/runner': ['ops', 'runner'],
        }[caller.peer];
  return `cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}

function pods(caller: Caller): string {
  return 'service' in caller
    ? caller.service
    : {
        'ingress gateway': foreignPods(INGRESS_GATEWAY.namespace, INGRESS_GATEWAY.podLabels),
        'namespace ops': foreignPods('ops', {}),
        'service account ops/runner': foreignPods('ops', RUNNER),
      }[caller.peer];
}

function host({ callee }: GrantEdge): string {
  const [namespace, name] = callee.split('/');
  return `${namespace}/${name}.${namespace}.svc.cluster.local`;
}

function operationTexts(node: OperationNode): readonly string[] {
  if ('grpc' in node) {
    const methods = node.methods.length > 0 ? node.methods : ['*'];
    const all = node.methods.length > 0 ? [] : [`POST /${node.grpc}`];
    return [...all, ...methods.map((method) => `POST /${node.grpc}/${method}`)];
  }
  const methods = node.methods.length > 0 ? node.methods : ['*'];
  const paths = node.paths.length > 0 ? node.paths.flatMap(pathTexts) : ['*'];
  return methods.flatMap((method) => paths.map((path) => `${method} ${path}`));
}

function pathTexts({ kind, value }: PathNode): readonly string[] {
  if (kind !== 'prefix') return [value];
  return value === '/' ? ['/*'] : [value, `${value}/*`];
}
