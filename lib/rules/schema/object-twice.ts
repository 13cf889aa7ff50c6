import { kindOf } from '../../manifests/kinds';
import { describePlace } from '../../manifests/place';
import type { LocatedObject } from '../../manifests/located';
import type { ManifestView } from '../../manifests/view';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Violation } from '../finding';
import type { Rule } from '../rule';

export const objectTwice: Rule = {
  code: 'MESH-CHK-107',
  severity: 'error',
  title: 'One object that stands twice',
  why: 'The later one replaces the earlier one, and which is later depends on the order of files.',
  fix: 'keep one of them, or give one another name',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
`,
      `apiVersion: v1
kind: ServiceAccount
metadata: { name: cart, namespace: shop }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: cart, namespace: shop }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: bank }
spec: { mtls: { mode: STRICT } }
`,
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { selector: { istio: ingress }, servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP } }] }
`,
    ],
  },
  check: findTwins,
};

function findTwins(view: ManifestView): readonly Violation[] {
  const first = new Map<string, LocatedObject>();
  return view.objects.flatMap((object) => {
    const name = nameOf(object);
    if (name === '') return [];
    const key = JSON.stringify([kindOf(object.object), namespaceOf(object), name]);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, object);
    return twin === undefined
      ? []
      : [{ object, field: 'metadata.name', message: `the same object stands at \`${describePlace(twin)}\`` }];
  });
}
