import type { AuthorizationPolicy, AuthorizationRule } from '../../manifests/mesh/authorization';
import { HTTP_FIELDS, authorizationPolicies, httpFields } from '../../manifests/mesh/authorization';
import { workloadsUnder } from '../../manifests/mesh/policies';
import { containerPort, servicesOf } from '../../manifests/mesh/services';
import { textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, together } from '../samples';

export const httpFieldsOnTcp: Rule = {
  code: 'MESH-CHK-401',
  severity: 'error',
  title: 'A policy with fields of HTTP requests on a port that is not HTTP',
  why: 'On such a port an ALLOW rule with `methods`, `paths` or the like is dropped whole, which denies everything; a DENY rule loses only these fields and denies more than was meant.',
  fix: "name the HTTP ports in `ports`, or declare the port's protocol as HTTP",
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 6379, targetPort: 8080, name: redis }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }, { port: 9000, name: tcp }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  action: DENY
  rules: [{ to: [{ operation: { paths: [/admin], ports: ['9000'] } }] }]
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }, { port: 9000, name: tcp }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  action: DENY
  rules: [{ to: [{ operation: { paths: [/admin], ports: ['8080'] } }] }]
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      const { object, selector, action, rules } = policy;
      const fields = rules.map((rule) => httpFields(rule));
      // A policy for a whole namespace is meant for those of its workloads that speak HTTP.
      if (selector === undefined || fields.every((list) => list.length === 0)) return [];
      const protocols = portProtocols(view, policy);
      return rules.flatMap((rule, index) => {
        const first = fields[index]?.[0];
        if (first === undefined) return [];
        const named = rule.operations.flatMap((operation) => textList(operation.fields['ports']).map(Number));
        const wrong = [...protocols].filter(
          ([port, protocol]) =>
            protocol === 'tcp' && (named.length === 0 ? action === 'DENY' && onlyHttp(rule) : named.includes(port)),
        );
        const allOthers =
          named.length === 0 && protocols.size > 0 && [...protocols.values()].every((protocol) => protocol === 'tcp');
        const port = wrong[0]?.[0] ?? (allOthers ? [...protocols.keys()][0] : undefined);
        return port === undefined
          ? []
          : [
              {
                object,
                field: first,
                message: `port \`${port}\` of the selected pods is not HTTP, so that ${action === 'DENY' ? 'this field is left out and the rule denies more' : 'the rule never holds'}`,
              },
            ];
      });
    }),
};

/** The protocols of the container ports that Services lead to. */
function portProtocols(view: ManifestView, policy: AuthorizationPolicy): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const workload of workloadsUnder(view, policy)) {
    for (const service of servicesOf(view, workload)) {
      for (const port of service.ports) {
        const number = containerPort(port, workload);
        if (number !== undefined) found.set(number, port.protocol);
      }
    }
  }
  return found;
}

/** A rule that holds for everything once the fields of HTTP are left out. */
function onlyHttp({ sources, operations, conditions }: AuthorizationRule): boolean {
  return (
    conditions.length === 0 &&
    [...sources, ...operations].every(({ fields }) => Object.keys(fields).every((field) => HTTP_FIELDS.includes(field)))
  );
}
