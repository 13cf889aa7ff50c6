import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';
import { CART_SERVICE, SHOP, together } from '../samples';

export const targetMissing: Rule = {
  code: 'MESH-CHK-904',
  istio: 'IST0101',
  severity: 'error',
  title: 'A policy on a Gateway or Service that does not exist',
  why: 'The policy is put on nothing and has no effect.',
  fix: "correct `targetRefs`: they name objects of the policy's own namespace",
  examples: {
    bad: [
      together(
        SHOP,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { targetRefs: [{ group: '', kind: Service, name: cart }], rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: public, namespace: shop }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }], jwtRules: [{ issuer: https://id.example.com }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: { name: tenant, namespace: shop }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }], lua: { inlineCode: x } }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { targetRefs: [{ group: '', kind: Service, name: cart }], rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: waypoints, namespace: istio-system }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
    ],
  },
  check: (view) =>
    [
      Kind.AUTHORIZATION_POLICY,
      Kind.REQUEST_AUTHENTICATION,
      Kind.TELEMETRY,
      Kind.WASM_PLUGIN,
      Kind.TRAFFIC_EXTENSION,
      Kind.ENVOY_FILTER,
    ].flatMap((kind) =>
      policies(view, kind).flatMap(({ object, namespace, targets }) =>
        targets.flatMap(({ path, group, kind: target, name }) => {
          const wanted = TARGETS[`${group}/${target}`];
          return wanted === undefined || !view.sees(namespace) || view.find(wanted, namespace, name) !== undefined
            ? []
            : [{ object, field: `${path}.name`, message: `there is no ${target} \`${namespace}/${name}\`` }];
        }),
      ),
    ),
};

const TARGETS: Readonly<
  Record<string, typeof Kind.SERVICE | typeof Kind.SERVICE_ENTRY | typeof Kind.KUBERNETES_GATEWAY>
> = {
  '/Service': Kind.SERVICE,
  'core/Service': Kind.SERVICE,
  'networking.istio.io/ServiceEntry': Kind.SERVICE_ENTRY,
  'gateway.networking.k8s.io/Gateway': Kind.KUBERNETES_GATEWAY,
};
