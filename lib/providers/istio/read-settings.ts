import { Code, MeshError, quoted } from '../../errors';
import { IngressApi, requireIngressApi } from '../../intent/entrance';
import { givenList, givenOptions, givenShape } from '../../intent/given';
import { isDnsName, requireDnsLabel, requireIdentity, requireLabels } from '../../intent/names';
import type { ServiceAccountRef } from '../../intent/peer';
import { requirePortNumber } from '../../intent/port';
import { requireCidr } from '../../options/address';
import { DEFAULT_PROXY, proxySettings } from '../../options/proxy';
import { sharedLevel } from '../../options/resilience';
import type {
  IstioExtensionProvider,
  IstioIngressGateway,
  IstioKubernetesApi,
  IstioMeshProps,
  IstioScraper,
} from './istio-mesh-props';
import { IstioPathNormalization } from './istio-mesh-props';
import type { IstioSettings, ProviderSettings } from './settings';
import { nativeByDefault, parseKubernetesMinor, parseVersion } from './version';

/** Reads what the user says about the installed mesh; refuses what cannot be. */
export function istioSettings(props: IstioMeshProps): IstioSettings {
  const { ingressGateway, kubernetesApi, dns, discoveryLabels } = givenShape<
    Pick<
      IstioMeshProps,
      | 'version'
      | 'defaults'
      | 'proxy'
      | 'providers'
      | 'ingressGateway'
      | 'kubernetesApi'
      | 'dns'
      | 'scraper'
      | 'canary'
      | 'discoveryLabels'
    >
  >('`IstioMesh`', props, {
    version: 'text',
    defaults: 'object?',
    proxy: 'object?',
    providers: 'object[]?',
    ingressGateway: 'object?',
    kubernetesApi: 'object?',
    dns: 'object?',
    scraper: 'object?',
    canary: 'object?',
    discoveryLabels: 'object?',
  });
  const revisionLabel = requireRevision(props);
  const canary = requireCanary(props);
  return {
    version: parseVersion(props.version),
    ...(revisionLabel === undefined ? {} : { revisionLabel }),
    ...(props.proxyRevision === undefined
      ? {}
      : { proxyRevision: requireDnsLabel('proxyRevision', props.proxyRevision) }),
    ...(canary === undefined ? {} : { canary }),
    discoveryLabels: discoveryLabels === undefined ? {} : requireLabels('discoveryLabels', discoveryLabels),
    ...(props._upgrading === undefined ? {} : { upgrading: props._upgrading }),
    trustDomain: requireDomain('trustDomain', props.trustDomain ?? 'cluster.local'),
    trustDomainAliases: requireAliases(props),
    clusterDomain: requireDomain('clusterDomain', props.clusterDomain ?? 'cluster.local'),
    rootNamespace: requireDnsLabel('rootNamespace', props.rootNamespace ?? 'istio-system'),
    nativeSidecars: hasNativeSidecars(props),
    cni: props.cni ?? false,
    ...(ingressGateway === undefined ? {} : { ingressGateway: requireGateway(ingressGateway) }),
    ingressApi: requireIngressApi(props.ingressApi ?? IngressApi.MESH),
    ...(kubernetesApi === undefined ? {} : { kubernetesApi: requireKubernetesApi(kubernetesApi) }),
    dns: {
      namespace: requireDnsLabel('dns.namespace', dns?.namespace ?? 'kube-system'),
      podLabels: requireLabels('dns.podLabels', dns?.podLabels ?? { 'k8s-app': 'kube-dns' }),
      cidrs: (dns?.cidrs ?? []).map((cidr) => requireCidr('dns.cidrs', cidr)),
      port: requirePortNumber('dns.port', dns?.port ?? 53),
    },
    ...(props.monitoringNamespace === undefined
      ? {}
      : { monitoringNamespace: requireDnsLabel('monitoringNamespace', props.monitoringNamespace) }),
    ...(props.scraper === undefined ? {} : { scraper: requireScraper(props.scraper) }),
    ...paths(props.pathNormalization ?? IstioPathNormalization.BASE),
    auditing: props.auditing ?? false,
    providers: requireProviders(props.providers ?? []),
    resilience: sharedLevel('the mesh', props.defaults ?? {}),
    // What the mesh says for everybody is no choice of a single service.
    proxy: { ...proxySettings(DEFAULT_PROXY, props.proxy), chosen: false },
  };
}

function requireRevision({ revision, revisionTag }: IstioMeshProps): string | undefined {
  if (revision !== undefined && revisionTag !== undefined) {
    throw new MeshError(
      Code.MESH_OPTION,
      `both revision \`${revision}\` and revisionTag \`${revisionTag}\` are given`,
      'keep the one that namespaces shall follow',
    );
  }
  const label = revision ?? revisionTag;
  return label === undefined ? undefined : requireDnsLabel(revision === undefined ? 'revisionTag' : 'revision', label);
}

function requireCanary({ canary, revisionTag }: IstioMeshProps): IstioSettings['canary'] {
  if (canary === undefined) return undefined;
  const { tag, namespaces, proxyRevision } = canary;
  if (revisionTag === undefined || revisionTag === tag) {
    throw new MeshError(
      Code.MESH_OPTION,
      revisionTag === undefined
        ? `canary.tag \`${tag}\` is given, and no revisionTag`
        : `canary.tag and revisionTag are both \`${tag}\``,
      'give `revisionTag` the tag of all other namespaces, and `canary.tag` another one',
    );
  }
  return {
    tag: requireDnsLabel('canary.tag', tag),
    namespaces: givenList('`canary.namespaces`', namespaces).map((name) => requireDnsLabel('canary.namespaces', name)),
    ...(proxyRevision === undefined ? {} : { proxyRevision: requireDnsLabel('canary.proxyRevision', proxyRevision) }),
  };
}

function hasNativeSidecars({ version, kubernetesVersion, nativeSidecars }: IstioMeshProps): boolean {
  const minor = kubernetesVersion === undefined ? undefined : parseKubernetesMinor(kubernetesVersion);
  if (nativeSidecars === true && minor !== undefined && minor < 29) {
    throw new MeshError(
      Code.MESH_OPTION,
      `\`nativeSidecars\` are asked for, and kubernetesVersion is \`${kubernetesVersion}\`, which does not have them`,
      'leave `nativeSidecars` out, or install Kubernetes 1.29 or later',
    );
  }
  return nativeSidecars ?? nativeByDefault(parseVersion(version), minor);
}

function requireDomain(field: string, value: string): string {
  if (isDnsName(value)) {
    return value;
  }
  throw new MeshError(Code.MESH_OPTION, `${field} \`${value}\` is not a DNS name`, 'write it as `cluster.local`');
}

function paths(normalization: IstioPathNormalization): Pick<IstioSettings, 'mergesSlashes' | 'resolvesDots'> {
  const known = Object.values(IstioPathNormalization);
  if (!known.includes(normalization)) {
    throw new MeshError(
      Code.MESH_OPTION,
      `pathNormalization \`${normalization}\` is none, there are ${quoted(known)}`,
      'use a value of `IstioPathNormalization`',
    );
  }
  return {
    mergesSlashes: [IstioPathNormalization.MERGE_SLASHES, IstioPathNormalization.DECODE_AND_MERGE_SLASHES].includes(
      normalization,
    ),
    resolvesDots: normalization !== IstioPathNormalization.NONE,
  };
}

function requireAliases({ trustDomain = 'cluster.local', trustDomainAliases = [] }: IstioMeshProps): readonly string[] {
  const aliases = trustDomainAliases.map((alias) => requireDomain('trustDomainAliases', alias));
  const twice = aliases.find((alias, index) => alias === trustDomain || aliases.indexOf(alias) !== index);
  if (twice === undefined) {
    return aliases;
  }
  throw new MeshError(
    Code.MESH_OPTION,
    `trustDomainAliases has \`${twice}\`, which ${twice === trustDomain ? 'is the trustDomain itself' : 'is there twice'}`,
    'name each other trust domain once',
  );
}

function requireGateway({ namespace, serviceAccount, podLabels, trustedProxies }: IstioIngressGateway) {
  givenOptions('`ingressGateway.podLabels`', podLabels);
  if (trustedProxies !== undefined && !(Number.isInteger(trustedProxies) && trustedProxies >= 0)) {
    throw new MeshError(
      Code.MESH_OPTION,
      `ingressGateway.trustedProxies \`${trustedProxies}\` is not a number of proxies`,
      'give the `numTrustedProxies` of the gateway, 0 where clients reach it directly',
    );
  }
  return {
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    namespace: requireDnsLabel('ingressGateway.namespace', namespace),
    serviceAccount: requireIdentity('ingressGateway.serviceAccount', serviceAccount),
    podLabels: requireLabels('ingressGateway.podLabels', podLabels),
  };
}

function requireScraper({ namespace, serviceAccount, podLabels }: IstioScraper): ServiceAccountRef {
  givenOptions('`scraper.podLabels`', podLabels);
  return {
    kind: 'serviceAccount',
    namespace: requireDnsLabel('scraper.namespace', namespace),
    serviceAccount: requireIdentity('scraper.serviceAccount', serviceAccount),
    podLabels: requireLabels('scraper.podLabels', podLabels),
  };
}

function requireKubernetesApi({ cidrs, port }: IstioKubernetesApi) {
  if (givenList('`kubernetesApi.cidrs`', cidrs).length === 0) {
    throw new MeshError(Code.MESH_OPTION, '`kubernetesApi.cidrs` is empty', 'give the addresses of the API servers');
  }
  return {
    cidrs: cidrs.map((cidr) => requireNarrow(requireCidr('kubernetesApi.cidrs', cidr))),
    port: requirePortNumber('kubernetesApi.port', port ?? 6443),
  };
}

/** Refuses a range of all addresses, which would open the webhooks' plain text ports to everybody. */
function requireNarrow(cidr: string): string {
  if (cidr.endsWith('/0')) {
    throw new MeshError(
      Code.MESH_OPTION,
      `\`kubernetesApi.cidrs\` has \`${cidr}\`, which is everybody`,
      'give the addresses of the API servers',
    );
  }
  return cidr;
}

function requireProviders(providers: readonly IstioExtensionProvider[]): readonly ProviderSettings[] {
  const names = providers.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) {
    throw new MeshError(Code.MESH_OPTION, `providers ${quoted(twice)} are given twice`, 'give each a name of its own');
  }
  providers.forEach(({ name, port }) => requirePortNumber(`port of provider \`${name}\``, port));
  return providers.map(({ name, kind, service, namespace, port, containerPort, podLabels }) => ({
    name,
    kind,
    service: requireDnsLabel(`service of provider \`${name}\``, service),
    namespace: requireDnsLabel(`namespace of provider \`${name}\``, namespace),
    containerPort: requirePortNumber(`containerPort of provider \`${name}\``, containerPort ?? port),
    ...(podLabels === undefined ? {} : { podLabels: requireLabels(`podLabels of provider \`${name}\``, podLabels) }),
  }));
}
