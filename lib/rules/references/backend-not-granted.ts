import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { groupBy } from '../../manifests/mesh/groups';
import { fieldAt, indexedRecords, recordList, textAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

export const backendNotGranted: Rule = {
  code: 'MESH-CHK-220',
  severity: 'error',
  title: 'A route of the Gateway API leads into another namespace without a ReferenceGrant',
  why: 'The route answers with 500: the owner of the other namespace has not agreed.',
  fix: "add a ReferenceGrant from the route's namespace to the Services of the other one",
  examples: {
    bad: [
      together(
        SHOP,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: web }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, namespace: shop, port: 80 }] }]
`,
      ),
      together(
        SHOP,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: web }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, namespace: shop, port: 80 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: web, namespace: shop }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: web }]
  to: [{ group: '', kind: Service }]
`,
      ),
    ],
    good: [
      together(
        SHOP,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: web }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, namespace: shop, port: 80 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: web, namespace: shop }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web }]
  to: [{ group: '', kind: Service, name: cart }]
`,
      ),
      together(
        SHOP,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, namespace: shop, port: 80 }] }]
`,
      ),
    ],
  },
  check: (view) =>
    [Kind.HTTP_ROUTE, Kind.GRPC_ROUTE, Kind.TCP_ROUTE, Kind.TLS_ROUTE]
      .flatMap((kind) => view.of(kind))
      .flatMap((object) =>
        indexedRecords(fieldAt(object.object, 'spec', 'rules')).flatMap(([rule, at]) =>
          indexedRecords(rule['backendRefs']).flatMap(([ref, index]) => {
            const namespace = textAt(ref, 'namespace') ?? namespaceOf(object);
            const isService = (textAt(ref, 'kind') ?? 'Service') === 'Service';
            return !isService ||
              namespace === namespaceOf(object) ||
              !view.sees(namespace) ||
              isGranted(view, object, namespace, textAt(ref, 'name'))
              ? []
              : [
                  {
                    object,
                    field: `spec.rules[${at}].backendRefs[${index}].namespace`,
                    message: `no ReferenceGrant in \`${namespace}\` admits a ${object.object.kind} of \`${namespaceOf(object)}\``,
                  },
                ];
          }),
        ),
      ),
};

function isGranted(view: ManifestView, route: LocatedObject, namespace: string, name: string | undefined): boolean {
  return (view.fact(grants).get(namespace) ?? []).some(
    ({ object }) =>
      recordList(fieldAt(object, 'spec', 'from')).some(
        (from) => from['kind'] === route.object.kind && from['namespace'] === namespaceOf(route),
      ) &&
      recordList(fieldAt(object, 'spec', 'to')).some(
        (to) => to['kind'] === 'Service' && (to['name'] === undefined || to['name'] === name),
      ),
  );
}

function grants(view: ManifestView): ReadonlyMap<string, readonly LocatedObject[]> {
  return groupBy(view.of(Kind.REFERENCE_GRANT), namespaceOf);
}
