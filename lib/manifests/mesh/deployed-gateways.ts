import { Kind } from '../kinds';
import type { ManifestView } from '../view';
import { nameOf, namespaceOf } from '../view';

/**
 * Whether pods that Istio deploys for a Gateway of the Gateway API run in a namespace, under a service account if one is given: they
 * are in no manifest and in the mesh, whatever the labels of their namespace. The account begins with the name of the Gateway.
 *
 * Source: https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function hasDeployedGateway(view: ManifestView, namespace: string, account?: string): boolean {
  return view
    .of(Kind.KUBERNETES_GATEWAY)
    .some(
      (gateway) => namespaceOf(gateway) === namespace && (account === undefined || account.startsWith(nameOf(gateway))),
    );
}
