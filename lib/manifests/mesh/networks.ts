import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { settingsIn } from '../mesh-settings';
import { fieldAt, indexedRecords, isRecord, stringMap, textAt } from '../objects';
import type { ManifestView } from '../view';

/** Endpoints that are in a network: those of a cluster, or of a range of addresses. */
export interface NetworkEndpoints {
  readonly field: string;
  readonly registry: string | undefined;
  readonly range: string | undefined;
}

/** A gateway into a network. */
export interface NetworkGateway {
  readonly field: string;
  /** The host of a Service. */
  readonly service: string | undefined;
  readonly port: number;
}

/** One of the networks that a mesh is over. */
export interface Network {
  readonly name: string;
  readonly endpoints: readonly NetworkEndpoints[];
  readonly gateways: readonly NetworkGateway[];
}

/** The networks of a mesh, and what says so. */
export interface MeshNetworks {
  readonly object: LocatedObject;
  readonly networks: readonly Network[];
}

/**
 * The networks of the mesh; undefined where nobody configures any.
 *
 * Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshNetworks
 */
export function meshNetworks(view: ManifestView): MeshNetworks | undefined {
  return view.fact(readNetworks);
}

/** The names of networks into which a gateway leads: those that are configured, and those of labelled gateways. */
export function networksWithGateway(view: ManifestView): ReadonlySet<string> {
  return new Set([
    ...(meshNetworks(view)?.networks ?? []).map(({ name }) => name),
    ...[...view.of(Kind.SERVICE), ...view.of(Kind.KUBERNETES_GATEWAY)].flatMap(({ object }) => {
      const network = stringMap(object.metadata?.labels)[NETWORK_LABEL];
      return network === undefined ? [] : [network];
    }),
  ]);
}

/** The label that says in which network something is. */
export const NETWORK_LABEL = 'topology.istio.io/network';

function readNetworks({ meshNetworks: object }: ManifestView): MeshNetworks | undefined {
  if (object === undefined) return undefined;
  const inText = object.object.kind === 'ConfigMap';
  const settings = inText ? settingsIn(object.object, 'meshNetworks') : object.object;
  const found = fieldAt(settings, 'networks');
  if (!isRecord(found) || Object.keys(found).length === 0) return undefined;
  const networks = Object.entries(found).map(([name, network]): Network => {
    // What is one text in a ConfigMap has no fields that could be pointed at.
    const at = (path: string): string => (inText ? 'data.meshNetworks' : `networks["${name}"].${path}`);
    return {
      name,
      endpoints: indexedRecords(fieldAt(network, 'endpoints')).map(([endpoints, index]) => ({
        field: at(`endpoints[${index}]`),
        registry: textAt(endpoints, 'fromRegistry'),
        range: textAt(endpoints, 'fromCidr'),
      })),
      gateways: indexedRecords(fieldAt(network, 'gateways')).map(([gateway, index]) => ({
        field: at(`gateways[${index}]`),
        service: textAt(gateway, 'registryServiceName'),
        port: Number(gateway['port']),
      })),
    };
  });
  return { object, networks };
}
