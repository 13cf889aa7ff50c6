import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const customProvider: Rule = {
  code: 'MESH-CHK-409',
  istio: 'IST0106',
  severity: 'error',
  title: 'A provider without CUSTOM, or CUSTOM without a provider',
  why: 'Istio refuses the policy: an external authorizer is asked exactly by the action CUSTOM.',
  fix: 'set `action: CUSTOM` and `provider.name` together',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { provider: { name: oauth }, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: CUSTOM, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: CUSTOM, provider: { name: oauth }, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, spec }) => {
      const name = textAt(spec, 'provider', 'name');
      if (action === 'CUSTOM')
        return name === undefined || name === ''
          ? [{ object, field: 'spec.action', message: '`CUSTOM` names no provider' }]
          : [];
      return spec['provider'] === undefined
        ? []
        : [{ object, field: 'spec.provider', message: `\`${action}\` asks no provider` }];
    }),
};
