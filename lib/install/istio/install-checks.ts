import { Code, MeshError, quoted } from '../../errors';
import type { Shape } from '../../intent/given';
import { givenMade, givenShape } from '../../intent/given';
import { isDnsName, requireDnsLabel, requireIdentity } from '../../intent/names';
import { isQuantity } from '../../options/proxy';
import { IstioProviderKind } from '../../providers/istio/istio-mesh-props';
import type { IstioGateway } from './gateway-props';
import { IstioGatewayRole, IstioGatewayService } from './gateway-props';
import type { IstioControlPlane, IstioImages, IstioInstallProps, IstioValues } from './install-props';
import type { IstioInstalledProvider, IstioMeshConfig } from './mesh-config-props';
import { IstioAuthorizerProtocol, IstioOutboundPolicy } from './mesh-config-props';

const INSTALL: Shape<IstioInstallProps> = {
  version: 'text',
  delivery: 'object',
  profile: 'text?',
  revision: 'text?',
  tag: 'text?',
  canary: 'object?',
  furtherTags: 'text[]?',
  upgrade: 'object?',
  namespace: 'text?',
  clusterDomain: 'text?',
  meshConfig: 'object?',
  controlPlane: 'object?',
  proxy: 'object?',
  cni: 'object?',
  gateways: 'object[]?',
  images: 'object?',
  chartRepository: 'text?',
  hasGatewayApi: 'flag?',
  companions: 'object[]?',
  values: 'object?',
};
const VALUES: Shape<IstioValues> = { base: 'object?', istiod: 'object?', cni: 'object?', gateway: 'object?' };
const GATEWAY: Shape<IstioGateway> = {
  name: 'text',
  namespace: 'text',
  role: 'anything',
  service: 'anything?',
  serviceAnnotations: 'object?',
  preserveClientAddress: 'flag?',
  minReplicas: 'number?',
  maxReplicas: 'number?',
  spreadOverZones: 'flag?',
};
const CONTROL_PLANE: Shape<IstioControlPlane> = {
  minReplicas: 'number?',
  maxReplicas: 'number?',
  cpuRequest: 'text?',
  memoryRequest: 'text?',
  spreadOverZones: 'flag?',
};
const MESH_CONFIG: Shape<IstioMeshConfig> = {
  trustDomain: 'text?',
  trustDomainAliases: 'text[]?',
  outboundPolicy: 'anything?',
  accessLog: 'flag?',
  providers: 'object[]?',
  discoveryLabels: 'object?',
  pathNormalization: 'anything?',
  dnsProxying: 'flag?',
};

/** The most characters of the name of a release: https://helm.sh/docs/chart_template_guide/builtin_objects/ */
const RELEASE_NAME = 53;
/** As images are named: a host, a port, and folders, without a scheme and without a tag. */
const HUB = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Refuses props of an install that cannot be, before anything is made of them. */
export function requireProps(props: IstioInstallProps): void {
  givenShape('`IstioInstall`', props, INSTALL);
  givenMade('`delivery` of `IstioInstall`', props.delivery, '_deliver', 'a `Delivery`');
  const { namespace = 'istio-system', revision, canary, upgrade, gateways = [], controlPlane, images, cni } = props;
  requireDnsLabel('namespace', namespace);
  if (revision !== undefined) requireRevision('revision', revision);
  if (canary !== undefined) {
    givenShape('`canary`', canary, { tag: 'text', namespaces: 'text[]' });
    canary.namespaces.forEach((name) => requireDnsLabel('canary.namespaces', name));
  }
  if (upgrade !== undefined) {
    givenShape('`upgrade`', upgrade, {
      version: 'text',
      revision: 'text',
      stage: 'anything',
      profile: 'text?',
      meshConfig: 'object?',
      values: 'object?',
    });
    requireRevision('revision of the upgrade', upgrade.revision);
    if (upgrade.meshConfig !== undefined) requireMeshConfig(upgrade.meshConfig);
    if (upgrade.values !== undefined) givenShape('`values` of the upgrade', upgrade.values, VALUES);
  }
  if (props.meshConfig !== undefined) requireMeshConfig(props.meshConfig);
  if (props.values !== undefined) givenShape('`values`', props.values, VALUES);
  if (controlPlane !== undefined) requireControlPlane(controlPlane);
  if (images !== undefined) requireImages(images);
  if (cni !== undefined) requireCni(cni);
  gateways.forEach((gateway, index) => requireGateway(gateway, namespace, gateways.slice(0, index)));
  if (props.profile === 'minimal' && gateways[0] !== undefined) {
    throw new MeshError(
      Code.INSTALL,
      `profile \`minimal\` means no gateways, and \`gateways\` has \`${gateways[0].name}\``,
      'leave one of them out',
    );
  }
}

/** A revision, which becomes part of the names of releases and Services. */
function requireRevision(field: string, revision: string): void {
  requireDnsLabel(field, revision);
  if (revision === 'default') {
    throw new MeshError(
      Code.INSTALL,
      `${field} is \`default\`, by which Istio means a control plane without a revision`,
      'leave it out, or use the version with `-`, for example `1-30-3`',
    );
  }
  requireReleaseName(field, revision, `istiod-${revision}`);
}

function requireReleaseName(field: string, value: string, release: string): void {
  if (release.length <= RELEASE_NAME) return;
  throw new MeshError(
    Code.INSTALL,
    `${field} \`${value}\` makes the release \`${release}\`, which has ${release.length} characters`,
    `Helm takes ${RELEASE_NAME}: use a shorter one`,
  );
}

function requireGateway(gateway: IstioGateway, root: string, before: readonly IstioGateway[]): void {
  const { name, namespace, role, service, preserveClientAddress } = givenShape('a gateway', gateway, GATEWAY);
  requireIdentity('name of a gateway', name);
  requireReleaseName('name of gateway', name, name);
  requireDnsLabel(`namespace of gateway \`${name}\``, namespace);
  requireOne(`role of gateway \`${name}\``, role, 'IstioGatewayRole', IstioGatewayRole);
  if (service !== undefined) {
    requireOne(`service of gateway \`${name}\``, service, 'IstioGatewayService', IstioGatewayService);
  }
  if (namespace === root) {
    throw new MeshError(
      Code.INSTALL,
      `gateway \`${name}\` is in namespace \`${root}\`, that of istiod, whose Secrets it could read`,
      'give it a `namespace` of its own',
    );
  }
  if (before.some((other) => other.name === name)) {
    throw new MeshError(Code.INSTALL, `two gateways are named \`${name}\``, 'give each a `name` of its own');
  }
  const inside =
    service === IstioGatewayService.CLUSTER_IP || (service === undefined && role === IstioGatewayRole.EGRESS);
  if (preserveClientAddress === true && inside) {
    throw new MeshError(
      Code.INSTALL,
      `gateway \`${name}\` has \`preserveClientAddress\`, and its service is \`${IstioGatewayService.CLUSTER_IP}\`, of which Kubernetes refuses it`,
      'leave `preserveClientAddress` out, or use another `service`',
    );
  }
}

function requireControlPlane(controlPlane: IstioControlPlane): void {
  const { cpuRequest, memoryRequest } = givenShape('`controlPlane`', controlPlane, CONTROL_PLANE);
  for (const [field, value] of Object.entries({ cpuRequest, memoryRequest })) {
    if (value !== undefined && !isQuantity(value)) {
      throw new MeshError(
        Code.QUANTITY,
        `\`${field}\` of the control plane is \`${value}\`, which is no quantity`,
        'write it as Kubernetes does, for example `500m` or `2Gi`',
      );
    }
  }
}

function requireImages(images: IstioImages): void {
  const { hub, pullSecrets = [] } = givenShape('`images`', images, { hub: 'text', pullSecrets: 'text[]?' });
  if (!HUB.test(hub)) {
    throw new MeshError(
      Code.INSTALL,
      `images.hub \`${hub}\` is no place of images`,
      'write it without a scheme and without a tag, for example `registry.example.com/istio`',
    );
  }
  const wrong = pullSecrets.find((name) => !isDnsName(name));
  if (wrong !== undefined) {
    throw new MeshError(
      Code.NAME,
      `images.pullSecrets has \`${wrong}\`, which is no name of a Secret`,
      'give the names of Secrets, not their content',
    );
  }
}

function requireCni(cni: NonNullable<IstioInstallProps['cni']>): void {
  const { namespace, binFolder } = givenShape('`cni`', cni, { namespace: 'text?', binFolder: 'text?' });
  if (namespace !== undefined) requireDnsLabel('namespace of the CNI plugin', namespace);
  if (binFolder !== undefined && !/^\/\S+$/.test(binFolder)) {
    throw new MeshError(
      Code.INSTALL,
      `cni.binFolder \`${binFolder}\` is no folder of a node`,
      'give its path from the root, for example `/home/kubernetes/bin`',
    );
  }
}

function requireMeshConfig(config: IstioMeshConfig): void {
  const { outboundPolicy, providers = [] } = givenShape('`meshConfig`', config, MESH_CONFIG);
  if (outboundPolicy !== undefined) {
    requireOne('meshConfig.outboundPolicy', outboundPolicy, 'IstioOutboundPolicy', IstioOutboundPolicy);
  }
  providers.forEach(requireProvider);
}

function requireProvider({ name, kind, authorizerProtocol }: IstioInstalledProvider): void {
  requireOne(`kind of provider \`${name}\``, kind, 'IstioProviderKind', IstioProviderKind);
  if (authorizerProtocol !== undefined) {
    requireOne(
      `authorizerProtocol of provider \`${name}\``,
      authorizerProtocol,
      'IstioAuthorizerProtocol',
      IstioAuthorizerProtocol,
    );
  }
}

/** Whoever writes JavaScript has no compiler that would refuse other values. */
function requireOne(field: string, value: string, type: string, known: Readonly<Record<string, string>>): void {
  if (Object.values(known).includes(value)) return;
  throw new MeshError(
    Code.INSTALL,
    `${field} is \`${String(value)}\`, and there are ${quoted(Object.values(known))}`,
    `use a value of \`${type}\``,
  );
}
