import { Kind } from '../../manifests/kinds';
import { authorizationPolicies } from '../../manifests/mesh/authorization';
import type { Policy } from '../../manifests/mesh/policies';
import { policies, workloadsUnder } from '../../manifests/mesh/policies';
import { containerPort, servicesOf } from '../../manifests/mesh/services';
import { isRecord, textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Violation } from '../finding';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, together } from '../samples';

export const unknownPort: Rule = {
  code: 'MESH-CHK-402',
  severity: 'warning',
  title: 'A policy for a port on which the pods do not listen',
  why: '`ports` means the ports of the container, not those of the Service: this rule never holds.',
  fix: 'write the `targetPort` of the Service instead of its `port`',
  examples: {
    bad: [
      together(
        CART_PODS,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { ports: ['80'] } }] }]
`,
      ),
      together(
        CART_PODS,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  mtls: { mode: STRICT }
  portLevelMtls: { '80': { mode: PERMISSIVE } }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { ports: ['8080'] } }] }]
`,
      ),
      together(
        CART_PODS,
        CART_SERVICE,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  rules: [{ to: [{ operation: { ports: ['15020', '9090'] } }] }]
`,
      ),
    ],
  },
  check: (view) => [
    ...authorizationPolicies(view).flatMap((policy) =>
      policy.rules.flatMap(({ operations }) =>
        operations.flatMap(({ path, fields }) =>
          textList(fields['ports']).flatMap((text, index) => mistaken(view, policy, text, `${path}.ports[${index}]`)),
        ),
      ),
    ),
    ...policies(view, Kind.PEER_AUTHENTICATION).flatMap((policy) =>
      Object.keys(isRecord(policy.spec['portLevelMtls']) ? policy.spec['portLevelMtls'] : {}).flatMap((text) =>
        mistaken(view, policy, text, `spec.portLevelMtls["${text}"]`),
      ),
    ),
  ],
};

/** A port that is one of the Service and none of the container. */
function mistaken(view: ManifestView, policy: Policy, text: string, field: string): readonly Violation[] {
  if (policy.selector === undefined) return [];
  const pods = workloadsUnder(view, policy);
  const pairs = pods.flatMap((workload) =>
    servicesOf(view, workload).flatMap(({ ports }) =>
      ports.map((port) => ({ port: port.port, target: containerPort(port, workload) })),
    ),
  );
  const number = Number(text);
  const listened = new Set([
    ...pairs.map(({ target }) => target),
    ...pods.flatMap((workload) => workload.pods.containerPorts),
  ]);
  const service = pairs.find(({ port }) => port === number);
  return service?.target === undefined || listened.has(number)
    ? []
    : [
        {
          object: policy.object,
          field,
          message: `\`${text}\` is a port of the Service, whose pods listen on \`${service.target}\``,
        },
      ];
}
