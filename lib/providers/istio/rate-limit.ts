import type { EnvoyFilterSpecConfigPatches } from '../../../imports/networking.istio.io';
import type { RateLimitSettings } from '../../intent/resilience';
import { inboundRequests } from './envoy-match';
import { seconds } from './format';

const TYPES = 'type.googleapis.com/envoy.extensions.filters.http';

/**
 * Limits what comes in on one port, right before it leaves for the application: what authorization refuses takes nothing of
 * the limit.
 */
export function rateLimitPatch(containerPort: number, limit: RateLimitSettings): EnvoyFilterSpecConfigPatches {
  return {
    applyTo: 'HTTP_FILTER',
    match: inboundRequests(containerPort, { subFilter: { name: 'envoy.filters.http.router' } }),
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
            fill_interval: seconds(limit.perMillis),
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

function always(key: string) {
  return { runtime_key: key, default_value: { numerator: 100, denominator: 'HUNDRED' } };
}
