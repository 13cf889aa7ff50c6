import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { mtlsOf } from '../../manifests/mesh/mtls';
import { findHost } from '../../manifests/mesh/registry';
import { containerPort, workloadsOf } from '../../manifests/mesh/services';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, SHOP, together } from '../samples';

export const destinationRuleDropsMtls: Rule = {
  code: 'MESH-CHK-422',
  severity: 'error',
  title: 'A DestinationRule turns mTLS off towards pods that insist on it',
  why: '`tls` in a DestinationRule overrides what the mesh would do by itself: calls in plain text, or with other certificates, are refused under STRICT.',
  fix: 'remove `tls` from the DestinationRule, or write `mode: ISTIO_MUTUAL`',
  examples: {
    bad: [
      together(
        SHOP,
        CART_SERVICE,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: DISABLE } } }
`,
      ),
      together(
        SHOP,
        CART_SERVICE,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 }, trafficPolicy: { tls: { mode: SIMPLE, sni: cart } } }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_SERVICE,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
`,
      ),
      together(
        SHOP,
        CART_SERVICE,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT }, selector: { matchLabels: { app: cart } }, portLevelMtls: { '8080': { mode: DISABLE } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { tls: { mode: DISABLE } } }
`,
      ),
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) => {
      const weak = trafficPolicies(rule).filter(({ policy }) =>
        ['DISABLE', 'SIMPLE', 'MUTUAL'].includes(String(fieldAt(policy, 'tls', 'mode'))),
      );
      const target = weak.length === 0 ? undefined : findHost(view, rule.host, rule.namespace);
      if (target === undefined || !('service' in target)) return [];
      const strict = workloadsOf(view, target.service)
        .filter(({ dataPlane }) => dataPlane === 'sidecar')
        .find((workload) =>
          target.service.ports.some(
            (port) =>
              port.protocol !== 'udp' && mtlsOf(view, workload, containerPort(port, workload)).mode === 'STRICT',
          ),
        );
      return strict === undefined
        ? []
        : weak.map(({ path, policy }) => ({
            object: rule.object,
            field: `${path}.tls.mode`,
            message: `\`${String(fieldAt(policy, 'tls', 'mode'))}\` is refused by \`${strict.namespace}/${strict.name}\`, which takes mTLS of the mesh only`,
          }));
    }),
};
