import type { EnvoyFilterSpec, EnvoyFilterSpecConfigPatches } from '../../../imports/networking.istio.io';
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

function patches({ ports, streamingOperations, resilience }: ServiceDeclaration): EnvoyFilterSpecConfigPatches[] {
  const { rateLimit, streamIdleTimeout } = resilience;
  const open = ports.filter((port) => mayStayOpen(streamingOperations, port));
  return [
    ...(rateLimit === undefined || rateLimit === 'off'
      ? []
      : listening(ports.filter((port) => port.carriesRequests)).map((port) => rateLimitPatch(port, rateLimit))),
    ...(streamIdleTimeout === 'off' ? [] : listening(open).map((port) => idlePatch(port, streamIdleTimeout.millis))),
  ];
}

/** The ports that pods listen on, each once, in a fixed order. */
function listening(ports: readonly Port[]): readonly number[] {
  return [...new Set(ports.map(({ containerPort }) => containerPort))].sort((a, b) => a - b);
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
