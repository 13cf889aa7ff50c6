import type { Problem } from '../errors';
import { Code } from '../errors';
import type { ServiceRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import { fieldAt } from '../manifests/objects';
import type { Provider } from '../providers/provider';
import type { Registry } from './registry';
import type { Tree } from './tree';

/** A host that has routes and rules already, here or by its owner. */
interface Taken {
  readonly host: string;
  readonly namespace: string;
  /** As messages call it. */
  readonly name: string;
  /** Where it is declared, where this app makes its objects. */
  readonly madeAt: string | undefined;
}

/** A VirtualService or DestinationRule of the user's own, for one host. */
interface Claim {
  readonly kind: string;
  readonly path: string;
  readonly namespace: string;
  readonly host: string;
}

/** Routes and rules of somebody else for a host that has its own: Istio drops or merges one, or takes it in their place. */
export function hostProblems(registry: Registry, tree: Tree, provider: Provider): readonly Problem[] {
  const claims = tree.others.flatMap(({ apiObject, view }) => {
    const hosts =
      apiObject.kind === 'VirtualService' && routesInsideMesh(view)
        ? fieldAt(view, 'spec', 'hosts')
        : apiObject.kind === 'DestinationRule'
          ? [fieldAt(view, 'spec', 'host')]
          : [];
    const namespace = view.metadata?.namespace ?? '';
    return (Array.isArray(hosts) ? hosts : []).map((host: unknown) => ({
      kind: apiObject.kind,
      path: apiObject.node.path,
      namespace,
      host: String(host).toLowerCase(),
    }));
  });
  if (claims.length === 0) {
    return [];
  }
  const taken = takenHosts(registry, (ref) => provider.serviceHost(ref));
  return claims.flatMap((claim) => (claim.host.startsWith('*') ? broadProblems(claim, taken) : problems(claim, taken)));
}

function takenHosts(registry: Registry, serviceHost: (ref: ServiceRef) => string): ReadonlyMap<string, Taken> {
  const entries: readonly (readonly [string, Taken])[] = [
    ...[...registry.services.values()].map(({ declaration: { ref, owned }, construct }) => {
      const name = serviceKey(ref);
      const madeAt = owned ? construct.node.path : undefined;
      return [name, { host: serviceHost(ref), namespace: ref.namespace, name, madeAt }] as const;
    }),
    ...[...registry.services.values()].flatMap(({ declaration: { ref }, connections, construct }) =>
      connections
        .flatMap(({ matches }) => matches.flatMap(({ serverNames }) => serverNames))
        .map((host) => {
          const taken = { host, namespace: ref.namespace, name: serviceKey(ref), madeAt: construct.node.path };
          return [host, taken] as const;
        }),
    ),
    ...[...registry.externals.values()].map(
      ({ intent: { host, namespace }, construct }) =>
        [host, { host, namespace, name: host, madeAt: construct.node.path }] as const,
    ),
  ];
  return new Map(entries);
}

function problems({ kind, path, namespace, host }: Claim, taken: ReadonlyMap<string, Taken>): readonly Problem[] {
  const other = taken.get(hostKey(host, namespace)) ?? taken.get(host);
  if (other === undefined || (other.madeAt === undefined && other.namespace === namespace)) {
    return [];
  }
  return other.madeAt === undefined
    ? [
        {
          code: Code.ROUTE_OWNER,
          message: `${kind} \`${path}\` is for the host of \`${other.name}\`, which another app owns, and would be used in the place of its owner's`,
          fix: 'let the owner of the service say it, and remove the object',
        },
      ]
    : [
        {
          code: Code.ROUTE_OWNER,
          message: `${kind} \`${path}\` is for the host of \`${other.name}\` (\`${other.madeAt}\`), which has one already`,
          fix: 'say it with the options of the MeshedService, the ExternalHost or a CanaryRelease, and remove the object',
        },
      ];
}

/** A rule for many hosts hides those of other namespaces from callers in its own; routes for many hosts meet all of them. */
function broadProblems({ kind, path, namespace, host }: Claim, taken: ReadonlyMap<string, Taken>): readonly Problem[] {
  const hidden = [...taken.values()].find(
    (other) =>
      (host === '*' || other.host.endsWith(host.slice(1))) &&
      (kind === 'VirtualService' || other.namespace !== namespace),
  );
  return hidden === undefined
    ? []
    : [
        {
          code: Code.ROUTE_OWNER,
          message: `${kind} \`${path}\` is for \`${host}\`, also for \`${hidden.name}\`, and would be used in the place of the one that this has`,
          fix: 'name one by one the hosts that it is for, or remove the object',
        },
      ];
}

/** Whether a VirtualService is used by sidecars, not only by gateways. */
function routesInsideMesh(virtualService: unknown): boolean {
  const gateways = fieldAt(virtualService, 'spec', 'gateways');
  return !Array.isArray(gateways) || gateways.length === 0 || gateways.includes('mesh');
}

/** The `namespace/name` of a Service host: short names belong to the namespace of the object that has them. */
function hostKey(host: string, namespace: string): string {
  const [name = '', ofNamespace, svc] = host.split('.');
  return ofNamespace === undefined
    ? `${namespace}/${name}`
    : svc === undefined || svc === 'svc'
      ? `${ofNamespace}/${name}`
      : '';
}
