import { fieldsAfter } from '../../schemas';
import type { Rule } from '../rule';

export const fieldTooNew: Rule = {
  code: 'MESH-CHK-105',
  severity: 'error',
  title: 'A field that the chosen release of Istio does not have yet',
  why: 'The CRD of that release does not know the field: the API server drops it or refuses the object, and Istio does not act on it.',
  fix: 'leave the field out, or upgrade Istio and name its release with `--istio`',
  examples: {
    istio: '1.28',
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { trustDomains: [partner.example] } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  trafficPolicy: { loadBalancer: { zoneAwareLbSetting: { enabled: true } } }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { serviceAccounts: [web] } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec:
  host: cart
  trafficPolicy: { loadBalancer: { localityLbSetting: { enabled: true } }, retryBudget: { percent: 20 } }
`,
    ],
  },
  check: (view) =>
    view.objects.flatMap((object) =>
      fieldsAfter(object.object, view.istio).map(({ path, name, since }) => ({
        object,
        field: path,
        message: `\`${name}\` exists since Istio ${since}, and the objects are for ${view.istio}`,
      })),
    ),
};
