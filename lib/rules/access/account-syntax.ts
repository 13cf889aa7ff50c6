import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const accountSyntax: Rule = {
  code: 'MESH-CHK-417',
  istio: 'IST0106',
  severity: 'error',
  title: 'A service account that is not written as Istio reads it',
  why: 'Istio refuses wildcards, more than one `/` and more than 16 entries in `serviceAccounts`.',
  fix: 'write `NAME` or `NAMESPACE/NAME`; use `namespaces` or `principals` for wildcards',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { serviceAccounts: ['web/*'] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { serviceAccounts: [ns/web/sa/web] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { serviceAccounts: [web, ops/runbook] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: ['*/ns/web/sa/*'] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['serviceAccounts', 'notServiceAccounts'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) =>
              /^[^*/]+(\/[^*/]+)?$/.test(text) && index < MOST
                ? []
                : [
                    {
                      object,
                      field: `${path}.${field}[${index}]`,
                      message:
                        index < MOST
                          ? `\`${text}\` is neither \`NAME\` nor \`NAMESPACE/NAME\``
                          : `there are more than \`${MOST}\` entries`,
                    },
                  ],
            ),
          ),
        ),
      ),
    ),
};

const MOST = 16;
