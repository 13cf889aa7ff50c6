import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const deadField: Rule = {
  code: 'MESH-CHK-609',
  istio: 'IST0002',
  severity: 'warning',
  title: 'Outlier detection by a field that does nothing any more',
  why: '`consecutiveErrors` was replaced long ago: Istio ignores it, and the defaults hold.',
  fix: 'write `consecutive5xxErrors` or `consecutiveGatewayErrors`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutiveErrors: 3 } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, outlierDetection: { consecutiveErrors: 7, interval: 5s } }] } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutiveGatewayErrors: 3 } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule)
        .filter(({ policy }) => fieldAt(policy, 'outlierDetection', 'consecutiveErrors') !== undefined)
        .map(({ path }) => ({
          object: rule.object,
          field: `${path}.outlierDetection.consecutiveErrors`,
          message: '`consecutiveErrors` has no effect',
        })),
    ),
};
