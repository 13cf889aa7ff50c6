import fc from 'fast-check';
import type { CallGraph, Caller, GrantEdge, OperationNode, PathNode, PortNode, ServiceNode } from './model';
import { keyOf, openedBy } from './model';

const port: fc.Arbitrary<Pick<PortNode, 'protocol' | 'containerPort'>> = fc.record({
  protocol: fc.constantFrom('http', 'grpc', 'tcp'),
  containerPort: fc.integer({ min: 1024, max: 9999 }),
});

const service: fc.Arbitrary<ServiceNode> = fc.record({
  namespace: fc.constantFrom('red', 'green', 'blue'),
  name: fc.constantFrom('api', 'web', 'worker', 'db'),
  ports: fc
    .uniqueArray(port, { maxLength: 3, selector: ({ containerPort }) => containerPort })
    .map((ports) => ports.map((each, index) => ({ ...each, name: `${each.protocol}-${index}`, port: 80 + index }))),
});

const path: fc.Arbitrary<PathNode> = fc.constantFrom<PathNode>(
  { kind: 'exact', value: '/' },
  { kind: 'exact', value: '/carts/mine' },
  { kind: 'prefix', value: '/' },
  { kind: 'prefix', value: '/carts' },
  { kind: 'template', value: '/carts/{*}/items' },
  { kind: 'template', value: '/files/{**}' },
);

const httpOperation: fc.Arbitrary<OperationNode> = fc
  .record({ methods: fc.subarray(['GET', 'POST', 'DELETE']), paths: fc.array(path, { maxLength: 2 }) })
  .filter(({ methods, paths }) => methods.length + paths.length > 0);

const grpcOperation: fc.Arbitrary<OperationNode> = fc.record({
  grpc: fc.constantFrom('shop.Carts', 'shop.Payments'),
  methods: fc.subarray(['Get', 'List', 'Put']),
});

const peer: fc.Arbitrary<Caller> = fc.constantFrom<Caller>(
  { peer: 'ingress gateway' },
  { peer: 'namespace ops' },
  { peer: 'service account ops/runner' },
);

function grant(services: readonly ServiceNode[], callees: readonly ServiceNode[]): fc.Arbitrary<GrantEdge> {
  const caller: fc.Arbitrary<Caller> = fc.constantFrom(...services).map((node) => ({ service: keyOf(node) }));
  return fc
    .record({
      caller: fc.oneof({ weight: 4, arbitrary: caller }, { weight: 1, arbitrary: peer }),
      callee: fc.constantFrom(...callees),
      operations: fc.array(fc.oneof(httpOperation, grpcOperation), { maxLength: 3 }),
      said: fc.array(fc.constantFrom<'caller' | 'callee'>('caller', 'callee'), { minLength: 1, maxLength: 2 }),
    })
    .chain(({ callee, ...edge }) =>
      fc
        .option(fc.subarray([...callee.ports], { minLength: 1 }), { nil: undefined })
        .map((ports) => ({
          ...edge,
          callee: keyOf(callee),
          said: 'peer' in edge.caller ? edge.said.map(() => 'callee' as const) : edge.said,
          ...(ports === undefined ? {} : { ports: ports.map(({ name }) => name) }),
        }))
        .map((complete) => ({ ...complete, operations: carried(complete, callee) })),
    );
}

/** The operations that all of the opened ports can carry. */
function carried(edge: GrantEdge, callee: ServiceNode): readonly OperationNode[] {
  const protocols = openedBy(edge, callee).map(({ protocol }) => protocol);
  if (protocols.includes('tcp')) return [];
  return edge.operations.filter((operation) => !('grpc' in operation) || !protocols.includes('http'));
}

/** Call graphs over one to three namespaces. */
export function callGraphs(atLeast: { services: number; grants: number }): fc.Arbitrary<CallGraph> {
  return fc.uniqueArray(service, { minLength: atLeast.services, maxLength: 7, selector: keyOf }).chain((services) => {
    const callees = services.filter(({ ports }) => ports.length > 0);
    const grants =
      callees.length === 0
        ? fc.constant([])
        : fc.array(grant(services, callees), { minLength: atLeast.grants, maxLength: 16 });
    return fc.record({ services: fc.constant(services), grants });
  });
}

/** The same graph, declared in another order. */
export function shuffles(graph: CallGraph): { services: fc.Arbitrary<CallGraph>; grants: fc.Arbitrary<CallGraph> } {
  return {
    services: shuffled(graph.services).map((services) => ({ ...graph, services })),
    grants: shuffled(graph.grants).map((grants) => ({ ...graph, grants })),
  };
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}
