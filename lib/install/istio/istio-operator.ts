import { isRecord, recordList, textList } from '../../manifests/objects';
import type { HelmInstall, HelmRelease, Values } from '../helm-release';
import { leaves, limit, oneTree, releasesOf, requireNoRepository, without } from '../limits';
import { gatewayLabels } from './gateway-labels';
import { toolProfile } from './profile-values';

const TOOL = '`istioctl`';

/** Gateways that profiles of `istioctl` bring with them. */
const OF_PROFILES = { ingressGateways: 'istio-ingressgateway', egressGateways: 'istio-egressgateway' };

/** Values of the chart `gateway` that have a place in the input of `istioctl`, which installs gateways with another chart. */
const OF_GATEWAYS =
  /^(?:profile|revision|service\.(?:type|externalTrafficPolicy|annotations(?:\..+)?)|autoscaling\.(?:enabled|minReplicas|maxReplicas)|podDisruptionBudget\.minAvailable|imagePullSecrets)$/;

/** The service account that `istioctl` gives a gateway. */
export function istioctlGatewayAccount(name: string): string {
  return `${name}-service-account`;
}

/** The input of `istioctl install`: https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/ */
export function istioOperator({ charts, releases }: HelmInstall): object {
  requireNoRepository(TOOL, charts);
  const [control, ...others] = releasesOf(releases, 'istiod');
  if (control === undefined || others.length > 0 || new Set(releases.map(({ version }) => version)).size > 1) {
    throw limit(
      `${TOOL} installs one control plane and all parts of one version`,
      'choose another delivery for upgrades',
    );
  }
  const [cni] = releasesOf(releases, 'cni');
  const { profile, values: ofProfile } = toolProfile(control.values['profile']);
  const gateways = releasesOf(releases, 'gateway');
  const trees = releases.filter(({ chart }) => chart !== 'gateway').map(({ values }) => without(values, 'profile'));
  const values = oneTree(TOOL, [...trees, ofProfile]);
  const { global, ...rest } = values as { readonly global: Values };
  const revision = control.values['revision'];
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: control.name.replace(/^istiod/, 'istio'), namespace: control.namespace },
    spec: {
      profile: profile ?? 'minimal',
      ...(revision === undefined ? {} : { revision }),
      namespace: control.namespace,
      ...(global['hub'] === undefined ? {} : { hub: global['hub'] }),
      meshConfig: values['meshConfig'],
      components: {
        base: { enabled: true },
        pilot: { enabled: true },
        cni: cni === undefined ? { enabled: false } : { enabled: true, namespace: cni.namespace },
        ztunnel: { enabled: false },
        ingressGateways: gatewayList(gateways, false, profile, global),
        egressGateways: gatewayList(gateways, true, profile, global),
      },
      values: { ...without(rest, 'revision', 'meshConfig'), global: without(global, 'hub') },
    },
  };
}

function gatewayList(
  gateways: readonly HelmRelease[],
  egress: boolean,
  profile: string | undefined,
  global: Values,
): readonly object[] {
  const ofProfile = OF_PROFILES[egress ? 'egressGateways' : 'ingressGateways'];
  const wanted = gateways.filter(({ isEgress = false }) => isEgress === egress);
  const isUnwanted = profile !== undefined && !wanted.some(({ name }) => name === ofProfile);
  return [
    ...(isUnwanted ? [{ name: ofProfile, enabled: false }] : []),
    ...wanted.map((gateway) => gatewayComponent(gateway, global)),
  ];
}

function gatewayComponent({ name, namespace, values }: HelmRelease, global: Values): object {
  const foreign = leaves(values).find((place) => !OF_GATEWAYS.test(place));
  if (foreign !== undefined) {
    throw limit(
      `\`values.gateway.${foreign}\` is for the chart \`gateway\`, and ${TOOL} installs gateways with another one`,
      'leave it out, or choose another delivery',
    );
  }
  requireSameSecrets(values, global);
  const { annotations, ...service } = record(values['service']);
  const { minReplicas, maxReplicas } = record(values['autoscaling']);
  return {
    name,
    namespace,
    enabled: true,
    label: gatewayLabels(name),
    k8s: {
      service,
      ...(annotations === undefined ? {} : { serviceAnnotations: annotations }),
      hpaSpec: { minReplicas, maxReplicas },
      ...(values['podDisruptionBudget'] === undefined ? {} : { podDisruptionBudget: values['podDisruptionBudget'] }),
    },
  };
}

/** Secrets for pulling are said once for all; other ones would be lost. */
function requireSameSecrets(values: Values, global: Values): void {
  const [all, own] = [textList(global['imagePullSecrets']), recordList(values['imagePullSecrets'])];
  const lost = own.map(({ name }) => name).find((name) => typeof name === 'string' && !all.includes(name));
  if (typeof lost !== 'string') return;
  throw limit(
    `gateways would not be pulled with \`${lost}\`: ${TOOL} has the same secrets for all parts`,
    'give them as `images.pullSecrets`',
  );
}

function record(value: unknown): Values {
  return isRecord(value) ? value : {};
}
