import type {
  EnvoyFilterSpecConfigPatchesMatch,
  EnvoyFilterSpecConfigPatchesMatchListenerFilterChainFilter,
} from '../../../imports/networking.istio.io';

/** What reads the requests of a connection, inside of Envoy. */
export const HTTP_CONNECTIONS = 'envoy.filters.network.http_connection_manager';

/**
 * Where the requests that come in on one port are read. All ports share one listener, so that it is the filter chain that
 * tells them apart, by the port that the pod listens on.
 */
export function inboundRequests(
  destinationPort: number,
  filter: EnvoyFilterSpecConfigPatchesMatchListenerFilterChainFilter = {},
): EnvoyFilterSpecConfigPatchesMatch {
  return {
    context: 'SIDECAR_INBOUND',
    listener: { filterChain: { destinationPort, filter: { name: HTTP_CONNECTIONS, ...filter } } },
  };
}
