import { App, Chart } from 'cdk8s';
import type { IstioInstallProps } from '../../../lib';
import { Delivery, IstioAuthorizerProtocol, IstioGatewayRole, IstioInstall, IstioProviderKind } from '../../../lib';
import { Code } from '../../../lib/errors';
import type { Provocation } from './provocation';

const GATEWAY = { name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS };
const PROVIDER = { name: 'judge', service: 'judge', namespace: 'judges', port: 9000 };

function install(app: App, props: Partial<IstioInstallProps> = {}): void {
  new IstioInstall(new Chart(app, `c${app.node.children.length}`), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.argoCd(),
    ...props,
  });
}

const refused = (input: string, value: string, props: Partial<IstioInstallProps>, code: Code = Code.INSTALL) => ({
  input,
  code,
  value,
  provoke: () => install(new App(), props),
});

export const INSTALLS: readonly Provocation[] = [
  refused('a profile that is near one', 'platform-gke', { profile: 'platfrom-gke' }),
  refused("a profile of istioctl's", 'empty', { profile: 'empty' }),
  refused('the profile without gateways beside a gateway', 'edge', { profile: 'minimal', gateways: [GATEWAY] }),
  refused('a profile that every JavaScript object has', 'constructor', { profile: 'constructor' }),
  refused('a profile of newer charts', 'platform-gke', { version: '1.24.0', profile: 'platform-gke' }),
  refused('compatibility with a newer version', 'compatibility-version-1.31', {
    profile: 'compatibility-version-1.31',
  }),
  refused('an unknown version', '1.30', { version: '1.30' }, Code.MESH_OPTION),
  refused('a revision with dots', '1.30.3', { revision: '1.30.3' }, Code.NAME),
  refused('a gateway without a namespace', '', { gateways: [{ ...GATEWAY, namespace: '' }] }, Code.NAME),
  refused('a gateway beside istiod', 'istio-system', { gateways: [{ ...GATEWAY, namespace: 'istio-system' }] }),
  refused('two gateways of one name', 'edge', { gateways: [GATEWAY, GATEWAY] }),
  refused('values that contradict an option', 'values.istiod.pilot.autoscaleMin', {
    values: { istiod: { pilot: { autoscaleMin: 1 } } },
  }),
  refused("values of the charts' own", 'values.base._internal_defaults_do_not_set', {
    values: { base: { _internal_defaults_do_not_set: {} } },
  }),
  refused('a value of a chart that is no data', 'values.istiod.pilot.since', {
    values: { istiod: { pilot: { since: new Date(0) } } },
  }),
  refused('charts from a folder', './charts', { chartRepository: './charts' }),
  refused('an authorizer without a protocol', 'judge', {
    meshConfig: { providers: [{ ...PROVIDER, kind: IstioProviderKind.EXT_AUTHZ }] },
  }),
  refused('a collector with the protocol of an authorizer', 'judge', {
    meshConfig: {
      providers: [{ ...PROVIDER, kind: IstioProviderKind.TRACING, authorizerProtocol: IstioAuthorizerProtocol.GRPC }],
    },
  }),
  {
    input: 'two names of a cluster',
    code: Code.INSTALL,
    value: 'west',
    provoke: () => Delivery.argoCd({ clusterName: 'west', clusterServer: 'https://west.example.com' }),
  },
  {
    input: 'an interval that is no duration',
    code: Code.INSTALL,
    value: 'hourly',
    provoke: () => Delivery.flux({ interval: 'hourly' }),
  },
  {
    input: 'two installs in one cluster without revisions',
    code: Code.INSTALL,
    value: 'c1/Istio',
    provoke: () => {
      const app = new App();
      install(app);
      install(app);
      app.synth();
    },
  },
];
