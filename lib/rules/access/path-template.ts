import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const pathTemplate: Rule = {
  code: 'MESH-CHK-418',
  istio: 'IST0106',
  severity: 'error',
  title: 'A path template that Istio refuses',
  why: '`{*}` stands for one segment and `{**}` for any number of them at one place: other forms make Istio refuse the policy.',
  fix: 'use `{*}` as a whole segment, `{**}` once after all `{*}`, and no `*` beside them',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { paths: ['/orders/{id}'] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { paths: ['/a/{**}/b/{*}', '/x/{*}/*'] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { paths: ['/orders/{*}/items', '/store/{**}/cart'] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { paths: ['/orders/*', /health] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ operations }) =>
        operations.flatMap(({ path, fields }) =>
          ['paths', 'notPaths'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) => {
              const problem = templateProblem(text);
              return problem === undefined
                ? []
                : [{ object, field: `${path}.${field}[${index}]`, message: `\`${text}\`: ${problem}` }];
            }),
          ),
        ),
      ),
    ),
};

function templateProblem(text: string): string | undefined {
  if (!/[{}]/.test(text)) return undefined;
  const segments = text.split('/');
  if (segments.some((segment) => /[{}]/.test(segment) && segment !== '{*}' && segment !== '{**}'))
    return 'a segment in braces is `{*}` or `{**}`';
  if (segments.some((segment) => segment !== '{*}' && segment !== '{**}' && segment.includes('*')))
    return '`*` cannot stand beside a template';
  const deep = segments.indexOf('{**}');
  return deep >= 0 && segments.slice(deep + 1).some((segment) => segment.startsWith('{'))
    ? 'nothing in braces may follow `{**}`'
    : undefined;
}
