import type {
  DestinationRuleSpecTrafficPolicyLoadBalancer,
  DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash,
  DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting,
} from '../../../imports/networking.istio.io';
import type { HashKey, LocalitySettings } from '../../intent/balancing';
import type { Resilience } from '../../intent/resilience';
import { duration } from './format';

/** How a client's proxy chooses among endpoints, and where these are. */
export function loadBalancer({ loadBalancing, locality }: Resilience): DestinationRuleSpecTrafficPolicyLoadBalancer {
  const places = locality === undefined ? {} : { localityLbSetting: localityLbSetting(locality) };
  switch (loadBalancing.kind) {
    case 'random':
      return { simple: 'RANDOM', ...places };
    case 'leastRequest':
    case 'roundRobin':
      return {
        simple: loadBalancing.kind === 'roundRobin' ? 'ROUND_ROBIN' : 'LEAST_REQUEST',
        ...(loadBalancing.warmupMillis === undefined
          ? {}
          : { warmup: { duration: duration(loadBalancing.warmupMillis) } }),
        ...places,
      };
    case 'consistentHash':
      return {
        consistentHash: {
          ...hashKey(loadBalancing.key),
          ...(loadBalancing.maglevTableSize === undefined
            ? {}
            : { maglev: { tableSize: loadBalancing.maglevTableSize } }),
        },
        ...places,
      };
  }
}

function hashKey(key: HashKey): DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash {
  switch (key.kind) {
    case 'header':
      return { httpHeaderName: key.name };
    case 'queryParameter':
      return { httpQueryParameterName: key.name };
    case 'cookie':
      return {
        httpCookie: {
          name: key.name,
          ttl: duration(key.ttlMillis),
          ...(key.path === undefined ? {} : { path: key.path }),
        },
      };
    case 'sourceIp':
      return { useSourceIp: true };
  }
}

function localityLbSetting(
  locality: LocalitySettings | 'off',
): DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting {
  if (locality === 'off') {
    return { enabled: false };
  }
  return locality.kind === 'failover'
    ? { enabled: true, failover: locality.failover }
    : { enabled: true, distribute: locality.distribute.map(({ from, to }) => ({ from, to: { ...to } })) };
}
