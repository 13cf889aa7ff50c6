import { App, Chart } from 'cdk8s';
import type { AllowOptions, IPeer } from '../../../lib';
import {
  IstioMesh,
  Mesh,
  MeshedService,
  Operation,
  PathMatch,
  Peer,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../../lib';
import { deployment } from '../mesh-app';
import type { CallGraph, Caller, GrantEdge, OperationNode, PathNode, PortNode } from './model';
import { keyOf } from './model';

/** The YAML of an app that declares a call graph in the order in which it stands there. */
export function synthGraph({ services, grants }: CallGraph): string {
  const app = new App();
  Mesh.use(app, new IstioMesh({ version: '1.30.3', ingressGateway: INGRESS_GATEWAY }));
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))].sort();
  const charts = new Map(namespaces.map((namespace) => [namespace, new Chart(app, namespace, { namespace })]));
  charts.forEach((chart, name) => new ZeroTrustNamespace(chart, 'Namespace', { name }));
  const declared = new Map(
    services.map((node) => {
      const { namespace, name, ports } = node;
      const chart = get(charts, namespace);
      const workload = Workload.of(deployment(chart, name, { ports: ports.map(({ containerPort }) => containerPort) }));
      return [keyOf(node), new MeshedService(chart, name, { name, workload, ports: ports.map(toPort) })];
    }),
  );
  grants.forEach((grant) => declare(grant, declared));
  return app.synthYaml();
}

export const INGRESS_GATEWAY = {
  namespace: 'istio-ingress',
  serviceAccount: 'gateway',
  podLabels: { istio: 'ingress' },
};

export const RUNNER = { app: 'runner' };

function declare(grant: GrantEdge, declared: ReadonlyMap<string, MeshedService>): void {
  const callee = get(declared, grant.callee);
  const options: AllowOptions = {
    ...(grant.ports === undefined ? {} : { ports: [...grant.ports] }),
    ...(grant.operations.length > 0 ? { operations: grant.operations.map(toOperation) } : {}),
  };
  for (const by of grant.said) {
    if (by === 'caller' && 'service' in grant.caller) {
      get(declared, grant.caller.service).access.allowTo(callee, options);
    } else {
      callee.access.allowFrom(toPeer(grant.caller, declared), options);
    }
  }
}

function toPeer(caller: Caller, declared: ReadonlyMap<string, MeshedService>): IPeer {
  if ('service' in caller) return get(declared, caller.service);
  switch (caller.peer) {
    case 'ingress gateway':
      return Peer.ingressGateway();
    case 'namespace ops':
      return Peer.namespace('ops');
    case 'service account ops/runner':
      return Peer.serviceAccount('ops', 'runner', { podLabels: RUNNER });
  }
}

function toPort({ protocol, port, containerPort, name }: PortNode): Port {
  return Port[protocol](port, { containerPort, name });
}

function toOperation(node: OperationNode): Operation {
  return 'grpc' in node
    ? Operation.grpc(node.grpc, ...node.methods)
    : Operation.http({
        ...(node.methods.length === 0 ? {} : { methods: [...node.methods] }),
        ...(node.paths.length === 0 ? {} : { paths: node.paths.map(toPath) }),
      });
}

function toPath({ kind, value }: PathNode): PathMatch {
  return PathMatch[kind](value);
}

function get<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`there is no ${key}`);
  return value;
}
