import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const localOriginErrors: Rule = {
  code: 'MESH-CHK-122',
  istio: 'IST0106',
  severity: 'error',
  title: 'Ejection by local errors that are not counted apart',
  why: 'Istio refuses `consecutiveLocalOriginFailures` unless `splitExternalLocalOriginErrors` is set.',
  fix: 'set `splitExternalLocalOriginErrors: true`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutiveLocalOriginFailures: 5 } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, trafficPolicy: { outlierDetection: { consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: false } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: true } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy }) => {
        const detection = policy['outlierDetection'];
        return Number(fieldAt(detection, 'consecutiveLocalOriginFailures') ?? 0) > 0 &&
          fieldAt(detection, 'splitExternalLocalOriginErrors') !== true
          ? [
              {
                object: rule.object,
                field: `${path}.outlierDetection.consecutiveLocalOriginFailures`,
                message: '`splitExternalLocalOriginErrors` is not set',
              },
            ]
          : [];
      }),
    ),
};
