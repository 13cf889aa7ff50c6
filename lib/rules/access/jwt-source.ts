import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { fieldAt, indexedRecords, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const jwtSource: Rule = {
  code: 'MESH-CHK-416',
  istio: 'IST0106',
  severity: 'error',
  title: 'A token rule without an issuer, or with keys that cannot be read',
  why: 'Istio refuses the object, or refuses every token.',
  fix: 'set `issuer` and one of `jwksUri` and `jwks`; `jwks` is a JSON document with `keys`',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com, jwksUri: https://id.example.com/keys, jwks: '{"keys":[]}' }] }
`,
      `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com, jwks: 'https://id.example.com/keys' }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com, jwksUri: https://id.example.com/keys }] }
`,
      `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com, jwks: '{"keys":[{"kty":"RSA"}]}' }] }
`,
    ],
  },
  check: (view) =>
    policies(view, Kind.REQUEST_AUTHENTICATION).flatMap(({ object, spec }) =>
      indexedRecords(spec['jwtRules']).flatMap(([rule, index]) => {
        const field = `spec.jwtRules[${index}]`;
        const [uri, keys] = [textAt(rule, 'jwksUri') ?? textAt(rule, 'jwks_uri'), textAt(rule, 'jwks')];
        const issuer = textAt(rule, 'issuer') ?? '';
        return [
          ...(issuer === '' && uri === undefined && keys === undefined
            ? [{ object, field, message: 'there is neither `issuer` nor `jwksUri`' }]
            : []),
          ...(uri !== undefined && keys !== undefined
            ? [{ object, field: `${field}.jwks`, message: '`jwks` and `jwksUri` exclude each other' }]
            : []),
          ...(keys !== undefined && !isKeySet(keys)
            ? [{ object, field: `${field}.jwks`, message: '`jwks` is no JSON with a list of `keys`' }]
            : []),
        ];
      }),
    ),
};

function isKeySet(text: string): boolean {
  try {
    return Array.isArray(fieldAt(JSON.parse(text), 'keys'));
  } catch {
    return false;
  }
}
