import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { fieldAt, isRecord } from '../../manifests/objects';
import type { Violation } from '../finding';
import type { Rule } from '../rule';

export const permissive: Rule = {
  code: 'MESH-CHK-420',
  severity: 'warning',
  title: 'Plain text is accepted on purpose',
  why: 'PERMISSIVE and DISABLE let pods without an identity in: policies by identity then protect against nobody who skips mTLS.',
  fix: 'set STRICT as soon as all callers are in the mesh, or waive this with an end date',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT }, portLevelMtls: { '8080': { mode: DISABLE } } }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: UNSET }, portLevelMtls: { '8080': { mode: STRICT } } }
`,
    ],
  },
  check: (view) =>
    policies(view, Kind.PEER_AUTHENTICATION).flatMap(({ object, spec }) => {
      const weak = (mode: unknown, field: string): readonly Violation[] =>
        mode === 'PERMISSIVE' || mode === 'DISABLE'
          ? [{ object, field, message: `\`${mode}\` accepts plain text` }]
          : [];
      return [
        ...weak(fieldAt(spec, 'mtls', 'mode'), 'spec.mtls.mode'),
        ...Object.entries(isRecord(spec['portLevelMtls']) ? spec['portLevelMtls'] : {}).flatMap(([port, value]) =>
          weak(fieldAt(value, 'mode'), `spec.portLevelMtls["${port}"].mode`),
        ),
      ];
    }),
};
