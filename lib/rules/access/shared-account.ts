import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { servicesOf } from '../../manifests/mesh/services';
import type { Workload } from '../../manifests/mesh/workloads';
import { workloadsOfAccount } from '../../manifests/mesh/workloads';
import { textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, WEB_PODS, together } from '../samples';

export const sharedAccount: Rule = {
  code: 'MESH-CHK-406',
  severity: 'warning',
  title: 'Workloads that share one service account',
  why: 'They have one identity: who allows one of them, allows the others, too.',
  fix: 'give each workload a ServiceAccount of its own',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: admin, namespace: shop }
spec:
  selector: { matchLabels: { app: admin } }
  template:
    metadata: { labels: { app: admin } }
    spec: { serviceAccountName: cart, containers: [{ name: admin, image: admin }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: pay, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker, namespace: shop }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec: { serviceAccountName: cart, containers: [{ name: worker, image: worker }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: pay, namespace: shop }
spec: { rules: [{ from: [{ source: { serviceAccounts: [cart] } }] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: pay, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart-v2, namespace: shop }
spec:
  selector: { matchLabels: { app: cart, version: v2 } }
  template:
    metadata: { labels: { app: cart, version: v2 } }
    spec: { serviceAccountName: cart, containers: [{ name: cart, image: cart }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: pay, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    [...view.fact(allowedAccounts)].flatMap((account) => {
      const [namespace = '', name = ''] = account.split('/');
      const all = workloadsOfAccount(view, namespace, name);
      const [first] = all;
      const stranger = first === undefined ? undefined : all.find((other) => !sameApp(view, first, other));
      return first === undefined || stranger === undefined || name === 'default'
        ? []
        : [
            {
              object: stranger.object,
              field: 'spec.template.spec.serviceAccountName',
              message: `\`${stranger.name}\` and \`${first.name}\` run as \`${account}\`, which is allowed by name`,
            },
          ];
    }),
};

/** The accounts that policies allow by name. */
function allowedAccounts(view: ManifestView): ReadonlySet<string> {
  return new Set(
    authorizationPolicies(view)
      .filter(({ action }) => action === 'ALLOW')
      .flatMap(({ namespace, rules }) =>
        rules.flatMap(({ sources }) =>
          sources.flatMap(({ fields }) => [
            ...textList(fields['principals']).flatMap((text) => {
              const [, ns, place, sa, name] = text.split('/');
              return ns === 'ns' && sa === 'sa' ? [`${place}/${name}`] : [];
            }),
            ...textList(fields['serviceAccounts']).map((text) => (text.includes('/') ? text : `${namespace}/${text}`)),
          ]),
        ),
      ),
  );
}

/** Versions of one service: they carry one app label, or are behind one Service. */
function sameApp(view: ManifestView, a: Workload, b: Workload): boolean {
  const behindOne = servicesOf(view, a).some((service) => servicesOf(view, b).includes(service));
  return (
    a === b ||
    behindOne ||
    APP_LABELS.some((label) => a.labels[label] !== undefined && a.labels[label] === b.labels[label])
  );
}

const APP_LABELS: readonly string[] = ['app', 'app.kubernetes.io/name', 'k8s-app'];
