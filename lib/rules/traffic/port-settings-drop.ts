import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { quoted } from '../../errors';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { indexedRecords } from '../../manifests/objects';
import type { Rule } from '../rule';

export const portSettingsDrop: Rule = {
  code: 'MESH-CHK-603',
  severity: 'error',
  title: 'Settings of a port that drop those of the host',
  why: '`portLevelSettings` take nothing from the policy around them: TLS, limits and outlier detection written there are off on this port.',
  fix: 'repeat them in the settings of the port',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec:
  host: api.partner.example
  trafficPolicy:
    tls: { mode: SIMPLE, sni: api.partner.example, subjectAltNames: [api.partner.example] }
    portLevelSettings: [{ port: { number: 443 }, loadBalancer: { simple: RANDOM } }]
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  subsets:
    - name: v1
      labels: { version: v1 }
      trafficPolicy:
        outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 }
        portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 10 } } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec:
  host: api.partner.example
  trafficPolicy:
    portLevelSettings: [{ port: { number: 443 }, loadBalancer: { simple: RANDOM }, tls: { mode: SIMPLE, sni: api.partner.example } }]
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  trafficPolicy:
    loadBalancer: { simple: RANDOM }
    portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 10 } } }]
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule)
        .filter(({ scope }) => scope !== 'port')
        .flatMap(({ path, policy }) =>
          indexedRecords(policy['portLevelSettings']).flatMap(([settings, index]) => {
            const lost = LOST.filter((name) => policy[name] !== undefined && settings[name] === undefined);
            return lost.length === 0
              ? []
              : [
                  {
                    object: rule.object,
                    field: `${path}.portLevelSettings[${index}]`,
                    message: `${quoted(lost)} of \`${path}\` do not hold for this port`,
                  },
                ];
          }),
        ),
    ),
};

const LOST: readonly string[] = ['tls', 'outlierDetection', 'connectionPool'];
