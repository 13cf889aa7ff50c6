import { authorizationOf } from '../../manifests/mesh/authorization';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const noDefaultDeny: Rule = {
  code: 'MESH-CHK-404',
  severity: 'warning',
  title: 'A workload of the mesh that nobody protects',
  why: 'No ALLOW policy applies to it, so that every pod that reaches it may call everything.',
  fix: 'add an AuthorizationPolicy with an empty `spec` to the namespace, and one ALLOW policy for each workload',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: shop }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: default-deny, namespace: shop }
spec: {}
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop }
`,
      ),
    ],
  },
  check: (view) =>
    // Where no policy is written at all, access is governed elsewhere or not yet.
    workloads(view).flatMap((workload) => {
      if (workload.isGateway || (workload.dataPlane !== 'sidecar' && workload.dataPlane !== 'ambient')) return [];
      if (!view.sees(workload.namespace) || workload.pods.containerPorts.length === 0) return [];
      const allowed = authorizationOf(view, workload).some(({ action, isDryRun }) => action === 'ALLOW' && !isDryRun);
      return allowed
        ? []
        : [
            {
              object: workload.object,
              message: `no ALLOW policy applies to \`${workload.namespace}/${workload.name}\`, so that everybody may call it`,
            },
          ];
    }),
};
