import { quoted } from '../../errors';
import { Kind } from '../../manifests/kinds';
import { fieldAt, indexedRecords, textAt } from '../../manifests/objects';
import { namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_SERVICE, SHOP, together } from '../samples';

export const routeParentMissing: Rule = {
  code: 'MESH-CHK-219',
  severity: 'error',
  title: 'A route of the Gateway API belongs to a Gateway, listener or Service that does not exist',
  why: 'The route is attached to nothing, so that its requests get 404.',
  fix: 'correct `parentRefs`: name, namespace and `sectionName` of the Gateway',
  examples: {
    bad: [
      together(
        SHOP,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public }]
  rules: [{ backendRefs: [{ name: cart, port: 80 }] }]
`,
      ),
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, sectionName: https }]
  rules: [{ backendRefs: [{ name: cart, port: 80 }] }]
`,
    ],
    good: [
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, sectionName: http }]
  rules: [{ backendRefs: [{ name: cart, port: 80 }] }]
`,
      together(
        CART_SERVICE,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ group: '', kind: Service, name: cart }]
  rules: [{ backendRefs: [{ name: cart, port: 80 }] }]
`,
      ),
    ],
  },
  check: (view) =>
    [Kind.HTTP_ROUTE, Kind.GRPC_ROUTE, Kind.TCP_ROUTE, Kind.TLS_ROUTE]
      .flatMap((kind) => view.of(kind))
      .flatMap((object) =>
        indexedRecords(fieldAt(object.object, 'spec', 'parentRefs')).flatMap(([ref, index]) => {
          const [name, namespace] = [textAt(ref, 'name') ?? '', textAt(ref, 'namespace') ?? namespaceOf(object)];
          const kind = textAt(ref, 'kind') ?? 'Gateway';
          const wanted = kind === 'Gateway' ? Kind.KUBERNETES_GATEWAY : kind === 'Service' ? Kind.SERVICE : undefined;
          if (wanted === undefined) return [];
          const found = view.find(wanted, namespace, name);
          const field = `spec.parentRefs[${index}]`;
          if (found === undefined)
            return view.sees(namespace)
              ? [{ object, field: `${field}.name`, message: `there is no ${kind} \`${namespace}/${name}\`` }]
              : [];
          const section = textAt(ref, 'sectionName');
          const sections = indexedRecords(fieldAt(found.object, 'spec', 'listeners')).map(([listener]) =>
            String(listener['name']),
          );
          return kind !== 'Gateway' || section === undefined || sections.includes(section)
            ? []
            : [
                {
                  object,
                  field: `${field}.sectionName`,
                  message: `the Gateway \`${namespace}/${name}\` has no listener \`${section}\`, it has ${quoted(sections)}`,
                },
              ];
        }),
      ),
};
