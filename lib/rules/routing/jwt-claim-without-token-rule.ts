import { Kind } from '../../manifests/kinds';
import { policiesOf } from '../../manifests/mesh/policies';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Workload } from '../../manifests/mesh/workloads';
import { selectedEverywhere } from '../../manifests/mesh/workloads';
import { fieldAt, isRecord, stringMap } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { INGRESS_PODS, PUBLIC_GATEWAY, together } from '../samples';

export const jwtClaimWithoutTokenRule: Rule = {
  code: 'MESH-CHK-307',
  istio: 'IST0149',
  severity: 'error',
  title: 'A match on a claim at a gateway that checks no token',
  why: "Without a RequestAuthentication on the gateway's pods no claim is known: the route never matches.",
  fix: "add a RequestAuthentication that selects the gateway's pods",
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
      ),
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com }] }
`,
      ),
    ],
    good: [
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: ingress }
spec: { selector: { matchLabels: { istio: ingress } }, jwtRules: [{ issuer: https://id.example.com }] }
`,
      ),
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ headers: { x-group: { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
      ),
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, gateways, routes }) => {
      const claims = routes.flatMap(({ path, matches }) =>
        matches.flatMap(([match, index]) =>
          ['headers', 'withoutHeaders']
            .filter((field) =>
              Object.keys(isRecord(match[field]) ? match[field] : {}).some((name) =>
                name.startsWith('@request.auth.claims'),
              ),
            )
            .map((field) => `${path}.match[${index}].${field}`),
        ),
      );
      if (claims.length === 0) return [];
      const pods = gateways.flatMap((gateway) => gatewayPods(view, gateway));
      const unchecked = pods.find((workload) => policiesOf(view, Kind.REQUEST_AUTHENTICATION, workload).length === 0);
      return unchecked === undefined
        ? []
        : claims.map((field) => ({
            object,
            field,
            message: `no RequestAuthentication applies to \`${unchecked.namespace}/${unchecked.name}\`, which reads the claim`,
          }));
    }),
};

function gatewayPods(view: ManifestView, gateway: string): readonly Workload[] {
  const [namespace = '', name = ''] = gateway.split('/');
  const selector = stringMap(fieldAt(view.find(Kind.GATEWAY, namespace, name)?.object, 'spec', 'selector'));
  return Object.keys(selector).length === 0 ? [] : selectedEverywhere(view, selector);
}
