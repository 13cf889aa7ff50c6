import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { isRecord } from '../../manifests/objects';
import type { Rule } from '../rule';

export const emptyTrafficPolicy: Rule = {
  code: 'MESH-CHK-121',
  istio: 'IST0106',
  severity: 'error',
  title: 'A traffic policy that says nothing',
  why: 'Istio refuses an empty `trafficPolicy`, `connectionPool` or port setting.',
  fix: 'remove it, or say what it is for',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: {} }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { connectionPool: {}, loadBalancer: { simple: RANDOM } } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy, scope }) => {
        const said = Object.keys(policy).filter((name) => scope !== 'port' || name !== 'port');
        const pool = policy['connectionPool'];
        return [
          ...(said.length === 0 ? [{ object: rule.object, field: path, message: 'nothing is said here' }] : []),
          ...(isRecord(pool) && Object.keys(pool).length === 0
            ? [{ object: rule.object, field: `${path}.connectionPool`, message: 'it is empty' }]
            : []),
        ];
      }),
    ),
};
