import { requireDnsLabel, requireLabels } from '../../intent/names';
import { wholeNumber } from '../../options/numbers';
import { DEFAULT_PROXY, proxySettings } from '../../options/proxy';
import { NO_REVISION, controlPlaneName } from '../../providers/istio/upgrade-stage';
import { parseVersion } from '../../providers/istio/version';
import type { HelmRelease, Values } from '../helm-release';
import { mergeValues, requireAlias } from '../merge-values';
import { gatewayLabels } from './gateway-labels';
import type { IstioGateway } from './gateway-props';
import { IstioGatewayRole, IstioGatewayService } from './gateway-props';
import type { IstioControlPlane, IstioImages, IstioInstallProps } from './install-props';
import { meshConfigValues } from './mesh-config';
import { requireKnownValues } from './known-values';
import { chartProfile } from './profiles';
import type { InstallParts } from './upgrade';

/** The charts of Istio in the order in which they are installed: https://istio.io/latest/docs/setup/install/helm/ */
export function istioReleases({
  base,
  cni,
  controlPlanes,
  gateways,
  defaultRevision,
}: InstallParts): readonly HelmRelease[] {
  [base, cni, ...controlPlanes, gateways].forEach(requireKnownValues);
  const plugin = cniRelease(cni);
  const before = ['istio-base', ...plugin.map(({ name }) => name)];
  return [
    baseRelease(base, defaultRevision),
    ...plugin,
    ...controlPlanes.map((props) => controlPlaneRelease(props, before)),
    ...(gateways.gateways ?? []).map((gateway) => gatewayRelease(gateways, gateway)),
  ];
}

function baseRelease(props: IstioInstallProps, defaultRevision: string): HelmRelease {
  const namespace = rootNamespace(props);
  return {
    name: 'istio-base',
    namespace,
    chart: 'base',
    version: props.version,
    values: mergeValues(
      'values.base',
      { defaultRevision, global: { istioNamespace: namespace } },
      props.values?.base ?? {},
    ),
    after: [],
  };
}

function cniRelease({ cni, images, values, version, ...props }: IstioInstallProps): readonly HelmRelease[] {
  if (cni === undefined) return [];
  const options = {
    ...profileValue({ version, ...props }),
    ...(cni.binFolder === undefined ? {} : { cni: { cniBinDir: cni.binFolder } }),
    ...imageValues(images),
  };
  return [
    {
      name: 'istio-cni',
      namespace: requireDnsLabel('namespace of the CNI plugin', cni.namespace ?? rootNamespace(props)),
      chart: 'cni',
      version,
      values: chartValues('cni', options, values?.cni),
      after: ['istio-base'],
    },
  ];
}

function controlPlaneRelease(props: IstioInstallProps, after: readonly string[]): HelmRelease {
  const namespace = rootNamespace(props);
  const options = { ...profileValue(props), ...revisionValue(props), ...istiodValues(props, namespace) };
  return {
    name: istiodName(props),
    namespace,
    chart: 'istiod',
    version: props.version,
    values: chartValues('istiod', options, props.values?.istiod),
    after,
  };
}

/** The key whose values a chart lays over those at its top: what stands there is read last. */
const OWN_KEY = { istiod: 'pilot', cni: 'cni' } as const;

function chartValues(chart: keyof typeof OWN_KEY, options: Values, own: Values = {}): Values {
  requireAlias(chart, options, OWN_KEY[chart], own);
  return mergeValues(`values.${chart}`, options, own);
}

function gatewayRelease(props: IstioInstallProps, gateway: IstioGateway): HelmRelease {
  const options = { ...profileValue(props), ...revisionValue(props), ...gatewayValues(gateway, props.images) };
  return {
    name: gateway.name,
    namespace: gateway.namespace,
    chart: 'gateway',
    version: props.version,
    values: mergeValues('values.gateway', options, props.values?.gateway ?? {}),
    after: [istiodName(props)],
    isEgress: gateway.role === IstioGatewayRole.EGRESS,
  };
}

/** Name of the control plane's release, and of its Service. */
export function istiodName({ revision }: Pick<IstioInstallProps, 'revision'>): string {
  return controlPlaneName(revision ?? NO_REVISION);
}

/** The namespace of istiod. */
export function rootNamespace({ namespace }: Pick<IstioInstallProps, 'namespace'>): string {
  return namespace ?? 'istio-system';
}

function profileValue({ profile, version }: Pick<IstioInstallProps, 'profile' | 'version'>): Values {
  const ofCharts = chartProfile(profile, parseVersion(version));
  return ofCharts === undefined ? {} : { profile: ofCharts };
}

function revisionValue({ revision }: IstioInstallProps): Values {
  return revision === undefined ? {} : { revision };
}

function istiodValues(props: IstioInstallProps, namespace: string): Values {
  const { controlPlane = {}, clusterDomain = 'cluster.local' } = props;
  const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = proxySettings(DEFAULT_PROXY, props.proxy);
  const images = imageValues(props.images)['global'];
  return {
    global: {
      ...(images as Values | undefined),
      istioNamespace: namespace,
      // With a single pod it would stop nodes from being drained.
      ...(controlPlane.minReplicas === 1 ? { defaultPodDisruptionBudget: { enabled: false } } : {}),
      proxy: {
        clusterDomain,
        resources: {
          requests: { cpu: cpuRequest, memory: memoryRequest },
          limits: { cpu: cpuLimit, memory: memoryLimit },
        },
      },
    },
    meshConfig: meshConfigValues(props.meshConfig ?? {}, clusterDomain),
    // Without it istio-init would still be injected, although the plugin runs.
    pilot: { ...pilotValues(controlPlane), cni: { enabled: props.cni !== undefined } },
  };
}

function pilotValues(controlPlane: IstioControlPlane): Values {
  const { cpuRequest, memoryRequest, spreadOverZones = true } = controlPlane;
  const requests = {
    ...(cpuRequest === undefined ? {} : { cpu: cpuRequest }),
    ...(memoryRequest === undefined ? {} : { memory: memoryRequest }),
  };
  const [min, max] = replicas('the control plane', controlPlane);
  return {
    autoscaleEnabled: true,
    autoscaleMin: min,
    autoscaleMax: max,
    ...(Object.keys(requests).length === 0 ? {} : { resources: { requests } }),
    ...(spreadOverZones ? overZones({ app: 'istiod' }) : {}),
  };
}

function overZones(matchLabels: Values): Values {
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels },
      },
    ],
  };
}

function gatewayValues(gateway: IstioGateway, images: IstioImages | undefined): Values {
  const { role, serviceAnnotations, preserveClientAddress } = gateway;
  const outside = role === IstioGatewayRole.INGRESS;
  const [minReplicas, maxReplicas] = replicas(`gateway \`${gateway.name}\``, gateway);
  return {
    service: {
      type: gateway.service ?? (outside ? IstioGatewayService.LOAD_BALANCER : IstioGatewayService.CLUSTER_IP),
      ...(serviceAnnotations === undefined
        ? {}
        : { annotations: annotations(`serviceAnnotations of gateway \`${gateway.name}\``, serviceAnnotations) }),
      ...(preserveClientAddress === true ? { externalTrafficPolicy: 'Local' } : {}),
    },
    autoscaling: { enabled: true, minReplicas, maxReplicas },
    // With a single pod it would stop nodes from being drained.
    ...(minReplicas > 1 ? { podDisruptionBudget: { minAvailable: 1 } } : {}),
    ...(gateway.spreadOverZones === true ? overZones(gatewayLabels(gateway.name)) : {}),
    ...(images?.pullSecrets === undefined ? {} : { imagePullSecrets: images.pullSecrets.map((name) => ({ name })) }),
  };
}

function imageValues(images: IstioImages | undefined): Values {
  return images === undefined
    ? {}
    : {
        global: {
          hub: images.hub,
          ...(images.pullSecrets === undefined ? {} : { imagePullSecrets: images.pullSecrets }),
        },
      };
}

function replicas(
  what: string,
  { minReplicas = 2, maxReplicas }: { readonly minReplicas?: number; readonly maxReplicas?: number },
): readonly [number, number] {
  const min = wholeNumber(`minReplicas of ${what}`, minReplicas, 1, 1000);
  return [min, wholeNumber(`maxReplicas of ${what}`, maxReplicas ?? Math.max(5, min), min, 1000)];
}

function annotations(field: string, values: Readonly<Record<string, string>>): Values {
  requireLabels(field, Object.fromEntries(Object.keys(values).map((key) => [key, ''])));
  return values;
}
