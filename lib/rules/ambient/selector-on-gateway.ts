import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';

export const selectorOnGateway: Rule = {
  code: 'MESH-CHK-903',
  istio: 'IST0166',
  severity: 'warning',
  title: 'A selector for the pods of a Gateway API gateway or a waypoint',
  why: 'Waypoints never look at selectors, and for these gateways `targetRefs` are what Istio wants: the policy may have no effect.',
  fix: 'replace `selector` by `targetRefs` with the Gateway',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public, namespace: shop }
spec: { selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: public } }, action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }
`,
      `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: waypoint, namespace: shop }
spec: { selector: { matchLabels: { gateway.istio.io/managed: istio.io-mesh-controller } }, tracing: [{ randomSamplingPercentage: 1 }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public, namespace: shop }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: public }], action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: public, namespace: shop }
spec: { selector: { matchLabels: { istio: ingress } }, action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }
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
    ].flatMap((kind) =>
      policies(view, kind).flatMap(({ object, selector, selectorPath }) => {
        const label = [
          'gateway.networking.k8s.io/gateway-name',
          'istio.io/gateway-name',
          'gateway.istio.io/managed',
        ].find((key) => selector?.[key] !== undefined);
        return label === undefined
          ? []
          : [{ object, field: selectorPath, message: `\`${label}\` selects pods that Istio makes for a Gateway` }];
      }),
    ),
};
