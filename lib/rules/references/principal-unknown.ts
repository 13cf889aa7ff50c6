import { Kind } from '../../manifests/kinds';
import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { hasDeployedGateway } from '../../manifests/mesh/deployed-gateways';
import { workloadsOfAccount } from '../../manifests/mesh/workloads';
import { textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, WEB_PODS, together } from '../samples';

export const principalUnknown: Rule = {
  code: 'MESH-CHK-214',
  severity: 'error',
  title: 'A policy allows an identity that no service account has',
  why: 'Nobody presents such an identity: the intended caller is denied, or a DENY lets it through.',
  fix: 'correct the name, written as `cluster.local/ns/NAMESPACE/sa/NAME`, or add the ServiceAccount',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/wep] } }] }]
`,
      ),
      together(
        SHOP,
        CART_PODS,
        WEB_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ from: [{ source: { serviceAccounts: [frontend] } }] }]
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
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web, '*/ns/shop/sa/*'] } }] }]
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ServiceAccount
metadata: { name: nightly, namespace: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ from: [{ source: { serviceAccounts: [shop/nightly] } }] }]
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, namespace, rules }) =>
      rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['principals', 'notPrincipals', 'serviceAccounts', 'notServiceAccounts'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) => {
              const named = identityOf(text, field, namespace);
              return named === undefined || !view.sees(named.namespace) || hasAccount(view, named)
                ? []
                : [
                    {
                      object,
                      field: `${path}.${field}[${index}]`,
                      message: `there is no service account \`${named.namespace}/${named.name}\``,
                    },
                  ];
            }),
          ),
        ),
      ),
    ),
};

interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** The account that a text names in full; wildcards name none. */
function identityOf(text: string, field: string, own: string): Account | undefined {
  if (text.includes('*')) return undefined;
  if (!field.toLowerCase().endsWith('principals')) {
    const [name = '', namespace = own] = text.split('/').reverse();
    return { namespace, name };
  }
  const [, ns, namespace, sa, name, ...rest] = text.split('/');
  return ns !== 'ns' || sa !== 'sa' || namespace === undefined || name === undefined || rest.length > 0
    ? undefined
    : { namespace, name };
}

/** An account that pods run under exists, wherever it is declared; so does that of a gateway of the Gateway API. */
function hasAccount(view: ManifestView, { namespace, name }: Account): boolean {
  return (
    name === 'default' ||
    view.find(Kind.SERVICE_ACCOUNT, namespace, name) !== undefined ||
    workloadsOfAccount(view, namespace, name).length > 0 ||
    hasDeployedGateway(view, namespace, name)
  );
}
