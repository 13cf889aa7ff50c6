import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { isInternalGateway } from '../../manifests/mesh/virtual-services';
import { fieldAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { namespaceOf } from '../../manifests/view';
import type { Violation } from '../finding';
import type { Rule } from '../rule';

export const gatewayMissing: Rule = {
  code: 'MESH-CHK-201',
  istio: 'IST0101',
  severity: 'error',
  title: 'A VirtualService names a Gateway that does not exist',
  why: 'No gateway takes these routes, so that requests from outside get 404.',
  fix: 'correct the name in `gateways`, written as `namespace/name`, or add the Gateway',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [mesh, public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [mesh]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
    ],
  },
  check: (view) => view.of(Kind.VIRTUAL_SERVICE).flatMap((object) => missing(view, object)),
};

function missing(view: ManifestView, object: LocatedObject): readonly Violation[] {
  const gateways = fieldAt(object.object, 'spec', 'gateways');
  if (!Array.isArray(gateways)) return [];
  return gateways.flatMap((gateway: unknown, index) => {
    if (typeof gateway !== 'string' || gateway === 'mesh' || isInternalGateway(gateway)) return [];
    const slash = gateway.indexOf('/');
    const namespace = slash < 0 ? namespaceOf(object) : gateway.slice(0, slash);
    const name = gateway.slice(slash + 1);
    const exists = [Kind.GATEWAY, Kind.KUBERNETES_GATEWAY].some(
      (kind) => view.find(kind, namespace, name) !== undefined,
    );
    return exists || !view.sees(namespace)
      ? []
      : [{ object, field: `spec.gateways[${index}]`, message: `there is no Gateway \`${namespace}/${name}\`` }];
  });
}
