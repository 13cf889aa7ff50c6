import type {
  EnvoyFilterSpec,
  EnvoyFilterSpecConfigPatches,
  EnvoyFilterSpecConfigPatchesMatchListenerFilterChain,
} from '../../../imports/networking.istio.io';
import type { RateLimitSettings, Resilience } from '../../intent/resilience';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import { duration } from './format';

const TYPES = 'type.googleapis.com/envoy.extensions.filters.http';

/** The limit of a service, where there is one and something that it could limit. */
function limitOf({ rateLimit }: Resilience): RateLimitSettings | undefined {
  return rateLimit === 'off' ? undefined : rateLimit;
}

/** Whether the pods of a service take only so many requests. */
export function isLimited({ ports, resilience }: ServiceDeclaration): boolean {
  return limitOf(resilience) !== undefined && ports.some((port) => port.carriesRequests);
}

/** Spec of the EnvoyFilter by which the proxies of a service's own pods limit what they take. */
export function rateLimitSpec({ ports, podLabels, resilience }: ServiceIntent): EnvoyFilterSpec {
  const limit = limitOf(resilience);
  const listening = new Set(ports.filter((port) => port.carriesRequests).map(({ containerPort }) => containerPort));
  return {
    workloadSelector: { labels: { ...podLabels } },
    configPatches:
      limit === undefined ? [] : [...listening].sort((a, b) => a - b).map((port) => portLimit(port, limit)),
  };
}

/** Right before requests leave for the application: what authorization refuses takes nothing of the limit. */
function portLimit(containerPort: number, limit: RateLimitSettings): EnvoyFilterSpecConfigPatches {
  return {
    applyTo: 'HTTP_FILTER',
    match: { context: 'SIDECAR_INBOUND', listener: { filterChain: beforeApplication(containerPort) } },
    patch: {
      operation: 'INSERT_BEFORE',
      value: {
        name: 'envoy.filters.http.local_ratelimit',
        typed_config: {
          '@type': `${TYPES}.local_ratelimit.v3.LocalRateLimit`,
          stat_prefix: 'http_local_rate_limiter',
          token_bucket: {
            max_tokens: limit.burst,
            tokens_per_fill: limit.requests,
            fill_interval: duration(limit.perMillis),
          },
          // Envoy's own default for both is 0%.
          filter_enabled: always('local_rate_limit_enabled'),
          filter_enforced: always('local_rate_limit_enforced'),
          response_headers_to_add: [
            {
              append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
              header: { key: 'x-local-rate-limit', value: 'true' },
            },
          ],
          // Envoy's own answer is UNAVAILABLE, which clients repeat, and for which callers' proxies eject the pod.
          rate_limited_as_resource_exhausted: true,
        },
      },
    },
  };
}

/**
 * The end of the filters of one port. All ports share one listener, so that it is the filter chain that tells them apart, by
 * the port that the pod listens on.
 */
function beforeApplication(destinationPort: number): EnvoyFilterSpecConfigPatchesMatchListenerFilterChain {
  return {
    destinationPort,
    filter: {
      name: 'envoy.filters.network.http_connection_manager',
      subFilter: { name: 'envoy.filters.http.router' },
    },
  };
}

function always(key: string) {
  return { runtime_key: key, default_value: { numerator: 100, denominator: 'HUNDRED' } };
}
