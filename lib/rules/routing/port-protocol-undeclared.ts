import type { MeshService } from '../../manifests/mesh/services';
import { services, workloadsOf } from '../../manifests/mesh/services';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, SHOP, together } from '../samples';

export const portProtocolUndeclared: Rule = {
  code: 'MESH-CHK-309',
  istio: 'IST0118',
  severity: 'warning',
  title: 'A port that does not say its protocol',
  why: 'The proxy guesses from the first bytes: rules for HTTP may not hold, and protocols where the server speaks first get delayed.',
  fix: "start the port's name with the protocol, such as `http-`, `grpc-` or `tcp-`, or set `appProtocol`",
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: web }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80 }] }
`,
      ),
    ],
    good: [
      together(SHOP, CART_SERVICE, CART_PODS),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: web, appProtocol: kubernetes.io/ws }, { port: 3306, name: db }] }
`,
      ),
    ],
  },
  check: (view) =>
    services(view).flatMap((service) =>
      service.type === 'ExternalName' || !isMeshed(view, service)
        ? []
        : service.ports
            .filter(({ protocol }) => protocol === 'sniffed')
            .map(({ index, port, name, appProtocol }) => ({
              object: service.object,
              field: `spec.ports[${index}].${appProtocol === undefined ? 'name' : 'appProtocol'}`,
              message: `port \`${port}\`${name === undefined ? '' : ` (\`${name}\`)`} declares no protocol that Istio knows`,
            })),
    ),
};

/** Outside of the mesh, nobody reads the protocol. */
function isMeshed(view: ManifestView, service: MeshService): boolean {
  return workloadsOf(view, service).some(
    ({ dataPlane, isGateway }) => !isGateway && (dataPlane === 'sidecar' || dataPlane === 'ambient'),
  );
}
