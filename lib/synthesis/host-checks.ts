import type { Problem } from '../errors';
import { Code } from '../errors';
import { serviceKey } from '../intent/service';
import type { KubeObject } from '../manifests/objects';
import { fieldAt } from '../manifests/objects';
import type { Registry } from './registry';
import type { Foreign, Tree } from './tree';

/** A host that this library describes, or that the owner of a service describes elsewhere. */
interface KnownHost {
  readonly host: string;
  readonly namespace: string;
  /** How errors name it. */
  readonly name: string;
  readonly path: string;
  readonly owned: boolean;
}

/**
 * Routes and rules of somebody else for hosts that have some already: Istio drops or merges one of two routes, and takes a rule
 * in the namespace of the caller, or a broad one there, in the place of the owner's.
 */
export function hostProblems(registry: Registry, tree: Tree, clusterDomain: string): readonly Problem[] {
  const foreign = tree.others.filter(({ apiObject: { kind } }) => ['VirtualService', 'DestinationRule'].includes(kind));
  if (foreign.length === 0) {
    return [];
  }
  const known = knownHosts(registry, clusterDomain);
  const byHost = new Map(known.map((one) => [one.host, one]));
  return foreign.flatMap((object) =>
    hostsOf(object.view).flatMap((text) => {
      const host = fullHost(text, object.view.metadata?.namespace ?? '', clusterDomain);
      const hidden = text.startsWith('*')
        ? known.find((one) => isBelow(one.host, host) && collides(registry, object, one, true))
        : byHost.get(host);
      return hidden === undefined || !collides(registry, object, hidden, text.startsWith('*'))
        ? []
        : [collision(object, text, hidden)];
    }),
  );
}

function collision({ apiObject }: Foreign<KubeObject>, host: string, hidden: KnownHost): Problem {
  const broad = host.startsWith('*') ? ` by \`${host}\`` : '';
  return {
    code: Code.ROUTE_OWNER,
    message: hidden.owned
      ? `${apiObject.kind} \`${apiObject.node.path}\` is for the host of \`${hidden.name}\` (\`${hidden.path}\`)${broad}, which has one already`
      : `${apiObject.kind} \`${apiObject.node.path}\` is for the host of \`${hidden.name}\` (\`${hidden.path}\`)${broad}, and would hide what its owner says`,
    fix: hidden.owned
      ? 'say it with the options of the MeshedService or a CanaryRelease, and remove the object'
      : 'remove the object, and let the owner of the service say it',
  };
}

/** Whether an object for a host gets between that host and its own objects. */
function collides(
  registry: Registry,
  { apiObject, view }: Foreign<KubeObject>,
  known: KnownHost,
  broad: boolean,
): boolean {
  const namespace = view.metadata?.namespace ?? '';
  if (apiObject.kind === 'DestinationRule' && broad) {
    // Elsewhere it is only taken where nothing else is for a host.
    return registry.namespaces.has(namespace);
  }
  return known.owned || namespace !== known.namespace;
}

function knownHosts(registry: Registry, clusterDomain: string): readonly KnownHost[] {
  return [
    ...[...registry.services.values()].map(({ declaration: { ref, owned }, construct }) => ({
      host: `${ref.name}.${ref.namespace}.svc.${clusterDomain}`,
      namespace: ref.namespace,
      name: serviceKey(ref),
      path: construct.node.path,
      owned,
    })),
    ...[...registry.externals.values()].map(({ intent: { host, namespace }, construct }) => ({
      host,
      namespace,
      name: host,
      path: construct.node.path,
      owned: true,
    })),
  ];
}

/** Hosts that proxies look up; those of a VirtualService for gateways alone are none. */
function hostsOf(object: KubeObject): readonly string[] {
  const hosts =
    object.kind === 'DestinationRule' ? [fieldAt(object, 'spec', 'host')] : fieldAt(object, 'spec', 'hosts');
  return (Array.isArray(hosts) && (object.kind === 'DestinationRule' || routesInsideMesh(object)) ? hosts : []).map(
    (host: unknown) => String(host).toLowerCase(),
  );
}

/** Whether a VirtualService is used by sidecars, not only by gateways. */
function routesInsideMesh(virtualService: unknown): boolean {
  const gateways = fieldAt(virtualService, 'spec', 'gateways');
  return !Array.isArray(gateways) || gateways.length === 0 || gateways.includes('mesh');
}

/** The full name of a host: short names belong to the namespace of the object that has them. */
function fullHost(host: string, namespace: string, clusterDomain: string): string {
  const [name = '', ofNamespace, svc, ...rest] = host.split('.');
  if (name === '*' || rest.length > 0 || (svc !== undefined && svc !== 'svc')) {
    return host;
  }
  return `${name}.${ofNamespace ?? namespace}.svc.${clusterDomain}`;
}

/** Whether a broad name such as `*.local` covers a host. */
function isBelow(host: string, broad: string): boolean {
  return host.endsWith(broad.slice(1));
}
