import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { workloadsUnder } from '../../manifests/mesh/policies';
import { servicesOf } from '../../manifests/mesh/services';
import { imports, outboundOf, sidecarOf } from '../../manifests/mesh/sidecars';
import { workloadsOfAccount } from '../../manifests/mesh/workloads';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, WEB_PODS, together } from '../samples';

export const routeNotImported: Rule = {
  code: 'MESH-CHK-705',
  severity: 'error',
  title: "An allowed call to a host that the caller's proxy does not know",
  why: "The callee allows the caller, but the caller's Sidecar leaves the host out: under REGISTRY_ONLY the call ends in a black hole.",
  fix: "add `NAMESPACE/HOST` to the `egress` of the caller's Sidecar",
  examples: {
    bad: [
      together(
        CART_PODS,
        CART_SERVICE,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: web, namespace: shop }
spec: { workloadSelector: { labels: { app: web } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
      together(
        CART_PODS,
        CART_SERVICE,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { serviceAccounts: [web] } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: ['~/*'] }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        CART_SERVICE,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: web, namespace: shop }
spec: { workloadSelector: { labels: { app: web } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: ['./cart.shop.svc.cluster.local'] }] }
`,
      ),
      together(
        CART_PODS,
        CART_SERVICE,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: web, namespace: shop }
spec: { workloadSelector: { labels: { app: web } }, egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      if (policy.action !== 'ALLOW' || policy.selector === undefined) return [];
      const callees = workloadsUnder(view, policy).flatMap((workload) => servicesOf(view, workload));
      if (callees.length === 0) return [];
      return policy.rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['principals', 'serviceAccounts'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) => {
              const [account, namespace = policy.namespace] =
                field === 'principals' ? [text.split('/')[4], text.split('/')[2]] : text.split('/').reverse();
              const callers = account === undefined ? [] : workloadsOfAccount(view, namespace, account);
              const blind = callers.find((caller) => {
                const sidecar =
                  caller.dataPlane === 'none' || outboundOf(view, caller) !== 'REGISTRY_ONLY'
                    ? undefined
                    : sidecarOf(view, caller);
                return (
                  sidecar !== undefined && !callees.some((service) => imports(sidecar, service.namespace, service.host))
                );
              });
              return blind === undefined
                ? []
                : [
                    {
                      object: policy.object,
                      field: `${path}.${field}[${index}]`,
                      message: `the Sidecar of \`${blind.namespace}/${blind.name}\` does not import \`${callees[0]?.host}\``,
                    },
                  ];
            }),
          ),
        ),
      );
    }),
};
