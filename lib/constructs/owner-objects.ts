import { Yaml } from 'cdk8s';
import type { MeshIntent } from '../intent/mesh';
import type { ServiceRef } from '../intent/peer';
import type { Provider } from '../providers/provider';

/** How the objects of another owner take additions. */
const HOW: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'add this policy; policies add up, but the first one refuses every call that none allows',
  NetworkPolicy: 'add this policy; policies add up, but the first one cuts off all else in its directions',
  Sidecar: 'add these hosts to the Sidecar that selects these pods; Sidecars never merge',
};

/** YAML of what the grants of this app ask of a service that somebody else owns. */
export function ownerObjects(provider: Provider, mesh: MeshIntent, ref: ServiceRef): string {
  const called = mesh.grantsTo(ref).length > 0;
  const calls = mesh.grantsFrom(ref).length > 0;
  const additional = `${ref.name}-granted-${peerNamespaces(mesh, ref).join('-')}`;
  const asked: Readonly<Record<string, boolean>> = {
    AuthorizationPolicy: called,
    NetworkPolicy: called || calls,
    Sidecar: calls,
  };
  return provider
    .serviceObjects(mesh.service(ref))
    .filter(({ kind }) => asked[kind] ?? false)
    .map(({ apiVersion, kind, name, namespace, spec }) => {
      const metadata = { name: kind === 'Sidecar' ? name : additional, namespace };
      const own = spec?.(mesh);
      const needed = kind === 'NetworkPolicy' ? openOnly(own ?? {}, called, calls) : own;
      return `# ${HOW[kind]}\n${Yaml.stringify({ apiVersion, kind, metadata, spec: needed })}`;
    })
    .join('---\n');
}

/** Namespaces of the other sides, so that the additions of two apps do not bear one name. */
function peerNamespaces(mesh: MeshIntent, ref: ServiceRef): readonly string[] {
  const peers = [
    ...mesh.grantsTo(ref).map(({ caller }) => caller),
    ...mesh.grantsFrom(ref).map(({ callee }) => callee),
  ];
  return [...new Set(peers.map((peer) => ('namespace' in peer ? peer.namespace : peer.kind.toLowerCase())))].sort();
}

/** A policy that opens one direction must not close the other. */
function openOnly(spec: object, called: boolean, calls: boolean): object {
  const closed = [...(called ? [] : ['ingress']), ...(calls ? [] : ['egress'])];
  return {
    ...Object.fromEntries(Object.entries(spec).filter(([key]) => !closed.includes(key))),
    policyTypes: [...(called ? ['Ingress'] : []), ...(calls ? ['Egress'] : [])],
  };
}
