import type { IstioIngressGateway, IstioMeshProps } from '../../providers/istio/istio-mesh-props';
import { IstioPathNormalization } from '../../providers/istio/istio-mesh-props';
import { monitoringNamespace } from './companions';
import { gatewayLabels } from './gateway-labels';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import { NO_REVISION, restartedRevision } from '../../providers/istio/upgrade-stage';
import type { IstioGateway } from './gateway-props';
import { IstioGatewayRole } from './gateway-props';
import type { IstioInstallProps } from './install-props';

/** What an install says about the mesh, at the stage of its upgrade. */
export function knownMesh(
  props: IstioInstallProps,
  upgrade: UpgradeState | undefined,
  notice: string | undefined,
): IstioMeshProps {
  const { version, namespace, clusterDomain, cni, gateways = [], meshConfig = {}, proxy, delivery } = props;
  const [ingress] = gateways.filter(({ role }) => role === IstioGatewayRole.INGRESS);
  return {
    version,
    ...followed(props, upgrade),
    _upgrading: notice,
    rootNamespace: namespace,
    clusterDomain,
    trustDomain: meshConfig.trustDomain,
    trustDomainAliases: meshConfig.trustDomainAliases,
    pathNormalization: meshConfig.pathNormalization ?? IstioPathNormalization.MERGE_SLASHES,
    discoveryLabels: meshConfig.discoveryLabels,
    providers: meshConfig.providers,
    monitoringNamespace: monitoringNamespace(props.companions),
    cni: cni !== undefined,
    proxy,
    ingressGateway: ingress === undefined ? undefined : ingressGateway(ingress, delivery._gatewayAccount(ingress.name)),
  };
}

/** What namespaces follow, and what their pods shall have. */
function followed(
  { revision, tag, canary }: IstioInstallProps,
  upgrade: UpgradeState | undefined,
): Pick<IstioMeshProps, 'revision' | 'revisionTag' | 'proxyRevision' | 'canary'> {
  if (tag === undefined) return { revision };
  const proxies = (early: boolean) =>
    upgrade === undefined ? (revision ?? NO_REVISION) : restartedRevision(upgrade, early);
  return {
    revisionTag: tag,
    proxyRevision: proxies(false),
    ...(canary === undefined ? {} : { canary: { ...canary, proxyRevision: proxies(true) } }),
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
