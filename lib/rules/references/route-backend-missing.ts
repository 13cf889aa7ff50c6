import { quoted } from '../../errors';
import { Kind } from '../../manifests/kinds';
import { findService } from '../../manifests/mesh/services';
import { fieldAt, indexedRecords, textAt } from '../../manifests/objects';
import { namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_SERVICE, together } from '../samples';

export const routeBackendMissing: Rule = {
  code: 'MESH-CHK-218',
  severity: 'error',
  title: 'A route of the Gateway API leads to a Service or port that does not exist',
  why: 'The route answers with 500 for this backend.',
  fix: 'correct the name, namespace and port of the Service in `backendRefs`',
  examples: {
    bad: [
      together(
        CART_SERVICE,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: carts, port: 80 }] }]
`,
      ),
      together(
        CART_SERVICE,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, port: 8080 }] }]
`,
      ),
    ],
    good: [
      together(
        CART_SERVICE,
        `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ name: cart, port: 80 }] }]
`,
      ),
      `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: cart, namespace: shop }
spec:
  parentRefs: [{ name: public, namespace: ingress }]
  rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com, port: 443 }] }]
`,
    ],
  },
  check: (view) =>
    ROUTES.flatMap((kind) => view.of(kind)).flatMap((object) =>
      indexedRecords(fieldAt(object.object, 'spec', 'rules')).flatMap(([rule, at]) =>
        indexedRecords(rule['backendRefs']).flatMap(([ref, index]) => {
          if ((textAt(ref, 'kind') ?? 'Service') !== 'Service' || (textAt(ref, 'group') ?? '') !== '') return [];
          const [name, namespace] = [textAt(ref, 'name') ?? '', textAt(ref, 'namespace') ?? namespaceOf(object)];
          const service = findService(view, namespace, name);
          const field = `spec.rules[${at}].backendRefs[${index}]`;
          if (service === undefined)
            return view.sees(namespace)
              ? [{ object, field: `${field}.name`, message: `there is no Service \`${namespace}/${name}\`` }]
              : [];
          const port = ref['port'];
          const ports = service.ports.map((open) => open.port);
          return typeof port !== 'number' || ports.includes(port)
            ? []
            : [
                {
                  object,
                  field: `${field}.port`,
                  message: `\`${namespace}/${name}\` has no port \`${port}\`, it has ${quoted(ports)}`,
                },
              ];
        }),
      ),
    ),
};

const ROUTES = [Kind.HTTP_ROUTE, Kind.GRPC_ROUTE, Kind.TCP_ROUTE, Kind.TLS_ROUTE] as const;
