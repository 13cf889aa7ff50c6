import { requireDnsLabel, requireLabels } from '../../intent/names';
import { wholeNumber } from '../../options/numbers';
import { DEFAULT_PROXY, proxySettings } from '../../options/proxy';
import type { IstioVersion } from '../../providers/istio/version';
import type { HelmRelease, Values } from '../helm-release';
import { mergeValues } from '../merge-values';
import type { IstioGateway } from './gateway-props';
import { IstioGatewayRole, IstioGatewayService } from './gateway-props';
import type { IstioControlPlane, IstioImages, IstioInstallProps } from './install-props';
import { meshConfigValues } from './mesh-config';
import { requireProfile } from './profiles';

/** The charts of Istio in the order in which they are installed: https://istio.io/latest/docs/setup/install/helm/ */
export function istioReleases(props: IstioInstallProps, version: IstioVersion): readonly HelmRelease[] {
  const { revision, cni, gateways = [], values = {} } = props;
  const namespace = props.namespace ?? 'istio-system';
  const shared = {
    ...(props.profile === undefined ? {} : { profile: requireProfile(props.profile, version) }),
    ...(revision === undefined ? {} : { revision }),
  };
  const istiod = revision === undefined ? 'istiod' : `istiod-${revision}`;
  const control = {
    name: istiod,
    namespace,
    chart: 'istiod',
    version: props.version,
    values: mergeValues('istiod', { ...shared, ...istiodValues(props, namespace) }, values.istiod ?? {}),
    after: ['istio-base', ...(cni === undefined ? [] : ['istio-cni'])],
  };
  return [
    {
      name: 'istio-base',
      namespace,
      chart: 'base',
      version: props.version,
      values: mergeValues(
        'base',
        { defaultRevision: revision ?? 'default', global: { istioNamespace: namespace } },
        values.base ?? {},
      ),
      after: [],
    },
    ...(cni === undefined
      ? []
      : [
          {
            name: 'istio-cni',
            namespace: requireDnsLabel('namespace of the CNI plugin', cni.namespace ?? namespace),
            chart: 'cni',
            version: props.version,
            values: mergeValues(
              'cni',
              {
                ...(shared.profile === undefined ? {} : { profile: shared.profile }),
                ...(cni.binFolder === undefined ? {} : { cni: { cniBinDir: cni.binFolder } }),
                ...imageValues(props.images),
              },
              values.cni ?? {},
            ),
            after: ['istio-base'],
          },
        ]),
    control,
    ...gateways.map((gateway) => ({
      name: gateway.name,
      namespace: gateway.namespace,
      chart: 'gateway',
      version: props.version,
      values: mergeValues('gateway', { ...shared, ...gatewayValues(gateway, props.images) }, values.gateway ?? {}),
      after: [istiod],
      isEgress: gateway.role === IstioGatewayRole.EGRESS,
    })),
  ];
}

function istiodValues(props: IstioInstallProps, namespace: string): Values {
  const { controlPlane = {}, clusterDomain = 'cluster.local' } = props;
  const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = proxySettings(DEFAULT_PROXY, props.proxy);
  const images = imageValues(props.images)['global'];
  return {
    global: {
      ...(images as Values | undefined),
      istioNamespace: namespace,
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
    ...(spreadOverZones
      ? {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'istiod' } },
            },
          ],
        }
      : {}),
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
  { minReplicas = 2, maxReplicas = 5 }: { readonly minReplicas?: number; readonly maxReplicas?: number },
): readonly [number, number] {
  const min = wholeNumber(`minReplicas of ${what}`, minReplicas, 1, 1000);
  return [min, wholeNumber(`maxReplicas of ${what}`, Math.max(maxReplicas, 0), min, 1000)];
}

function annotations(field: string, values: Readonly<Record<string, string>>): Values {
  requireLabels(field, Object.fromEntries(Object.keys(values).map((key) => [key, ''])));
  return values;
}
