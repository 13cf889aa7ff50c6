import type { IstioIngressGateway, IstioMeshProps } from '../../providers/istio/istio-mesh-props';
import { IstioPathNormalization } from '../../providers/istio/istio-mesh-props';
import { gatewayLabels } from './gateway-labels';
import type { IstioGateway } from './gateway-props';
import { IstioGatewayRole } from './gateway-props';
import type { IstioInstallProps } from './install-props';

/** What an install says about the mesh. */
export function knownMesh(props: IstioInstallProps): IstioMeshProps {
  const { version, revision, namespace, clusterDomain, cni, gateways = [], meshConfig = {}, proxy, delivery } = props;
  const [ingress] = gateways.filter(({ role }) => role === IstioGatewayRole.INGRESS);
  return {
    version,
    revision,
    rootNamespace: namespace,
    clusterDomain,
    trustDomain: meshConfig.trustDomain,
    trustDomainAliases: meshConfig.trustDomainAliases,
    pathNormalization: meshConfig.pathNormalization ?? IstioPathNormalization.MERGE_SLASHES,
    providers: meshConfig.providers,
    cni: cni !== undefined,
    proxy,
    ingressGateway: ingress === undefined ? undefined : ingressGateway(ingress, delivery._gatewayAccount(ingress.name)),
  };
}

/** The identity and the labels that pods of a gateway have. */
function ingressGateway(
  { name, namespace, preserveClientAddress }: IstioGateway,
  serviceAccount: string,
): IstioIngressGateway {
  return {
    namespace,
    serviceAccount,
    podLabels: gatewayLabels(name),
    ...(preserveClientAddress === true ? { trustedProxies: 0 } : {}),
  };
}
