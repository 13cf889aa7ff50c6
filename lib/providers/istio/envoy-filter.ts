import type { EnvoyFilterSpec, EnvoyFilterSpecConfigPatches } from '../../../imports/networking.istio.io';
import type { Layered } from '../../intent/levels';
import { resilienceFor } from '../../intent/levels';
import type { Port } from '../../intent/port';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import { mayStayOpen } from '../../intent/treatment';
import { HTTP_CONNECTIONS, inboundRequests } from './envoy-match';
import { seconds } from './format';
import { rateLimitPatch } from './rate-limit';

/** Whether the proxies of a service's own pods hold limits that no other kind of Istio has. */
export function hasEnvoyFilter(service: ServiceDeclaration): boolean {
  return patches(service).length > 0;
}

/** Spec of the EnvoyFilter for the proxies of a service's own pods. */
export function envoyFilterSpec(service: ServiceIntent): EnvoyFilterSpec {
  return { workloadSelector: { labels: { ...service.podLabels } }, configPatches: patches(service) };
}

function patches(service: ServiceDeclaration & Layered): EnvoyFilterSpecConfigPatches[] {
  const { ports, streamingOperations } = service;
  const limits = ports.map((port) => ({ port, ...resilienceFor(service, { port: port.name }) }));
  const open = limits.filter(({ port }) => mayStayOpen(streamingOperations, port));
  return [
    ...listening(limits.filter(({ port }) => port.carriesRequests)).flatMap(({ port, rateLimit = 'off' }) =>
      rateLimit === 'off' ? [] : [rateLimitPatch(port.containerPort, rateLimit)],
    ),
    ...listening(open).flatMap(({ port, streamIdleTimeout }) =>
      streamIdleTimeout === 'off' ? [] : [idlePatch(port.containerPort, streamIdleTimeout.millis)],
    ),
  ];
}

/** One entry for each port that pods listen on, in a fixed order. */
function listening<T extends { readonly port: Port }>(entries: readonly T[]): readonly T[] {
  const byPort = new Map(entries.map((entry) => [entry.port.containerPort, entry]));
  return [...byPort].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

/** Ends requests on which nothing is said. Istio itself lets them stay for ever. */
function idlePatch(containerPort: number, millis: number): EnvoyFilterSpecConfigPatches {
  return {
    applyTo: 'NETWORK_FILTER',
    match: inboundRequests(containerPort),
    patch: {
      operation: 'MERGE',
      value: {
        name: HTTP_CONNECTIONS,
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          stream_idle_timeout: seconds(millis),
        },
      },
    },
  };
}
