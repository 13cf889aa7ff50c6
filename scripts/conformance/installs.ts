import type { IstioInstallProps } from 'cdk8s-mesh';
import {
  IstioAuthorizerProtocol,
  IstioGatewayRole,
  IstioGatewayService,
  IstioOutboundPolicy,
  IstioPathNormalization,
  IstioProviderKind,
  IstioUpgradeStage,
} from 'cdk8s-mesh';

type Props = Omit<IstioInstallProps, 'delivery'>;

/** Texts that a reader of YAML or a template could take for something else. */
const TEXTS = [
  ...['yes', 'No', 'true', 'null', '~', '0x1F', '0o17', '012', '1e3', '1_000', '.5', '12:30:45', '2026-11-23', '=', '<<'],
  ...['{{ .Values.global }}', '${a}', '$${a}', '%{ if b }', '%%{b}', '$', '%', '&a', '*a', '!!str', '# no', 'a: b', '- a'],
  ...['', ' ', ' before', 'behind ', 'two\nlines', 'two\nlines\n', '\n', '\ttab', '"', "'", '\\n', 'ä\u2028\u{1F600}'],
];

const EVERYTHING: Props = {
  version: '1.30.3',
  revision: '1-30-3',
  profile: 'demo',
  namespace: 'mesh-system',
  clusterDomain: 'prod.local',
  cni: { namespace: 'cni-system', binFolder: '/home/kubernetes/bin' },
  controlPlane: { minReplicas: 3, maxReplicas: 9, cpuRequest: '750m', memoryRequest: '3Gi' },
  proxy: { cpuRequest: '55m', memoryLimit: '700Mi' },
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull', 'pull-too'] },
  meshConfig: {
    trustDomain: 'prod.example.com',
    trustDomainAliases: ['old.example.com', 'older.example.com'],
    outboundPolicy: IstioOutboundPolicy.ALLOW_ANY,
    pathNormalization: IstioPathNormalization.DECODE_AND_MERGE_SLASHES,
    accessLog: true,
    dnsProxying: true,
    discoveryLabels: { mesh: 'on' },
    providers: [
      { name: 'spans', kind: IstioProviderKind.TRACING, service: 'otel', namespace: 'observability', port: 4317 },
      { name: 'logs', kind: IstioProviderKind.ACCESS_LOG, service: 'otel', namespace: 'observability', port: 4318 },
      {
        ...{ name: 'opa', kind: IstioProviderKind.EXT_AUTHZ, service: 'opa', namespace: 'opa', port: 9191 },
        authorizerProtocol: IstioAuthorizerProtocol.GRPC,
      },
      {
        ...{ name: 'proxy', kind: IstioProviderKind.EXT_AUTHZ, service: 'oauth', namespace: 'oauth', port: 4180 },
        authorizerProtocol: IstioAuthorizerProtocol.HTTP,
      },
    ],
  },
  values: {
    istiod: {
      pilot: {
        env: Object.fromEntries(TEXTS.map((text, index) => [`TEXT_${index}`, text])),
        traceSampling: 0.01,
        nodeSelector: {},
        tolerations: [],
      },
      meshConfig: { connectTimeout: '7s', defaultConfig: { concurrency: 3 } },
      global: { logAsJson: true, sizes: [1, 1.5, -7, 5000000, 9007199254740991, 1e21, false, [], {}, [['a']]] },
    },
    cni: { cni: { chained: false } },
  },
};

const GATEWAYS: Pick<Props, 'gateways'> = {
  gateways: [
    {
      name: 'front',
      namespace: 'edge',
      role: IstioGatewayRole.INGRESS,
      preserveClientAddress: true,
      minReplicas: 4,
      serviceAnnotations: { 'example.com/scheme': 'internal', 'example.com/weight': '007' },
    },
    { name: 'nodes', namespace: 'edge', role: IstioGatewayRole.INGRESS, service: IstioGatewayService.NODE_PORT },
    { name: 'back', namespace: 'egress', role: IstioGatewayRole.EGRESS, minReplicas: 1, maxReplicas: 2 },
  ],
};

const OLD = { version: '1.29.4', revision: '1-29-4' };
const NEW = { version: '1.30.3', revision: '1-30-3' };
const UPGRADED: Omit<Props, 'version'> = {
  tag: 'stable',
  canary: { tag: 'early', namespaces: ['shop-early'] },
  cni: {},
  gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
  values: { istiod: { pilot: { env: { OLD: 'yes' } } } },
};

/** What is installed, by name, where the conformance suite holds deliveries against each other. */
export const INSTALLS: Readonly<Record<string, Props>> = {
  plain: { version: '1.30.3' },
  everything: { ...EVERYTHING, ...GATEWAYS },
  platform: { version: '1.30.3', profile: 'platform-gke', cni: {} },
  'upgrade before': { ...UPGRADED, ...OLD },
  ...Object.fromEntries(
    Object.values(IstioUpgradeStage).map((stage) => [
      `upgrade ${stage}`,
      { ...UPGRADED, ...OLD, upgrade: { ...NEW, stage, values: { istiod: { pilot: { env: { NEW: 'no' } } } } } },
    ]),
  ),
  'upgrade after': { ...UPGRADED, ...NEW },
  'a value of another type': {
    ...{ version: '1.30.3', ...GATEWAYS },
    values: { gateway: { terminationGracePeriodSeconds: 'a minute' } },
  },
  'an older release': { version: '1.29.4' },
};
