import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const failoverWithoutDetection: Rule = {
  code: 'MESH-CHK-602',
  severity: 'error',
  title: 'Failover by locality without outlier detection',
  why: 'The proxy moves traffic to another locality when endpoints are unhealthy, and only outlier detection tells it that they are: without it, it never fails over.',
  fix: 'add `outlierDetection` beside `localityLbSetting`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from: eu, to: us }] } } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  trafficPolicy:
    outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 100 }
    portLevelSettings:
      - port: { number: 80 }
        loadBalancer: { localityLbSetting: { failoverPriority: [topology.kubernetes.io/region] } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  trafficPolicy:
    loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from: eu, to: us }] } }
    outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 100 }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: false } } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy, scope }) => {
        const setting = fieldAt(policy, 'loadBalancer', 'localityLbSetting');
        const moves = ['failover', 'failoverPriority'].some((name) => fieldAt(setting, name) !== undefined);
        // A subset takes what it does not say from the host.
        const detection =
          policy['outlierDetection'] ?? (scope === 'subset' ? rule.policy?.['outlierDetection'] : undefined);
        return moves && fieldAt(setting, 'enabled') !== false && detection === undefined
          ? [
              {
                object: rule.object,
                field: `${path}.loadBalancer.localityLbSetting`,
                message: 'there is no `outlierDetection` beside it',
              },
            ]
          : [];
      }),
    ),
};
