import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { IngressIntent } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { Provider } from '../providers/provider';
import type { Registry } from './registry';

/** What the mesh cannot express of ingresses, and gateways that would be cut off where they stand. */
export function ingressProblems(registry: Registry, intent: MeshIntent, provider: Provider): readonly Problem[] {
  return [
    ...lockedGateway(registry, provider),
    ...registry.entrances.flatMap(({ construct, intent: { own, hosts } }) =>
      own === undefined || registry.namespaces.get(own.namespace)?.locked !== true
        ? []
        : [
            {
              code: Code.GATEWAY_NAMESPACE,
              message: `the gateway for ${quoted(hosts)} (\`${construct.node.path}\`) would be deployed in the zero-trust namespace \`${own.namespace}\`, which refuses clients without an identity`,
              fix: 'open the hosts by an `IngressHost` with another `namespace`, and let the route name it as `at`',
            },
          ],
    ),
    ...ingresses(registry).flatMap((ingress) =>
      provider.unsupported({ kind: 'ingress', ingress, mesh: intent }).map(({ feature, reason, instead }) => ({
        code: Code.UNSUPPORTED,
        message: `${provider.name} cannot express ${feature}: ${reason}`,
        fix: instead,
      })),
    ),
  ];
}

/** The default deny of a namespace holds for a gateway in it, too, and clients have no identity that could be granted anything. */
function lockedGateway({ namespaces }: Registry, { ingressGateway }: Provider): readonly Problem[] {
  const namespace = ingressGateway === undefined ? undefined : namespaces.get(ingressGateway.namespace);
  return namespace?.locked !== true
    ? []
    : [
        {
          code: Code.GATEWAY_NAMESPACE,
          message: `the ingress gateway of the mesh is in the zero-trust namespace \`${namespace.name}\` (\`${namespace.construct.node.path}\`), which refuses clients without an identity`,
          fix: 'declare the namespace as a `MeshedNamespace`, or leave it to whoever installs the gateway',
        },
      ];
}

/** What clients do without. */
export function ingressWarnings(registry: Registry, intent: MeshIntent, provider: Provider): readonly string[] {
  return ingresses(registry).flatMap((ingress) => provider.ingressWarnings(ingress, intent));
}

function ingresses(registry: Registry): readonly IngressIntent[] {
  return registry.ingresses.map((ingress) => ingress.intent);
}
