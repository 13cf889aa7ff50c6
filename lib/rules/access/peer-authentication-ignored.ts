import { Kind } from '../../manifests/kinds';
import { byAge } from '../../manifests/mesh/age';
import type { Policy } from '../../manifests/mesh/policies';
import { policies } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';

export const peerAuthenticationIgnored: Rule = {
  code: 'MESH-CHK-421',
  severity: 'error',
  title: 'A PeerAuthentication that has no effect',
  why: 'Istio ignores a selector in the root namespace, and takes only the oldest of several for the same pods.',
  fix: 'put the policy into the namespace of the workload, and keep one for each selection',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: istio-system }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT } }
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, portLevelMtls: { '9000': { mode: DISABLE } } }
`,
    ],
  },
  check: (view) => {
    const first = new Map<string, Policy>();
    return [...policies(view, Kind.PEER_AUTHENTICATION)]
      .sort((a, b) => byAge(a.object, b.object))
      .flatMap((policy) => {
        const { object, namespace, selector } = policy;
        if (selector !== undefined && namespace === view.mesh.rootNamespace)
          return [
            {
              object,
              field: 'spec.selector',
              message: `in the root namespace \`${namespace}\`, a policy with a selector is ignored`,
            },
          ];
        const key = JSON.stringify([namespace, Object.entries(selector ?? {}).sort()]);
        const older = first.get(key);
        if (older === undefined) first.set(key, policy);
        return older === undefined
          ? []
          : [
              {
                object,
                message: `\`${older.namespace}/${older.name}\` is for the same pods, and only it has an effect`,
              },
            ];
      });
  },
};
