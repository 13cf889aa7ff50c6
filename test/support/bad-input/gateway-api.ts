import { Chart } from 'cdk8s';
import type { GatewayApiCrdsProps } from '../../../lib';
import { Delivery, GatewayApiChannel, GatewayApiCrds, IstioInstall, MeshApp } from '../../../lib';
import { Code } from '../../../lib/errors';
import { synthesize } from '../../../lib/testing';
import { printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

function crds(props: Partial<GatewayApiCrdsProps>, app = new MeshApp()): void {
  new GatewayApiCrds(new Chart(app, 'gateway-api'), 'Crds', {
    version: '1.5.1',
    delivery: Delivery.argoCd(),
    ...props,
  });
}

function install(app: MeshApp, profile?: string): MeshApp {
  new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.argoCd(),
    ...(profile === undefined ? {} : { profile }),
  });
  return app;
}

const refused = (input: string, value: string, props: Partial<GatewayApiCrdsProps>, code: Code = Code.GATEWAY_API) => ({
  input,
  code,
  value,
  provoke: () => crds(props),
});

const RENDERED = Delivery.rendered({ kubernetesVersion: '1.33' });

export const GATEWAY_API: readonly Provocation[] = [
  refused('a version that is none', 'v1.5.1', { version: 'v1.5.1' }),
  refused('a channel that is none', 'beta', { channel: untyped('beta') }),
  refused('a repository in a folder', '../gateway-api', { repository: '../gateway-api' }),
  refused('a file that is not there', 'none.yaml', { delivery: RENDERED, file: 'none.yaml' }),
  refused('rendered kinds without a file', 'file', { delivery: RENDERED }),
  refused('kinds by what installs charts', 'gateway-api/Crds', { delivery: Delivery.sail() }, Code.DELIVERY_LIMIT),
  refused('a Secret for Argo CD', 'git', { repositorySecret: 'git' }, Code.DELIVERY_LIMIT),
  refused('a Secret for a file', 'git', { delivery: RENDERED, repositorySecret: 'git' }, Code.DELIVERY_LIMIT),
  refused('a name of a Secret that is none', 'Git', { delivery: Delivery.flux(), repositorySecret: 'Git' }, Code.NAME),
  refused('kinds by what is no delivery', 'delivery', { delivery: untyped({}) }, Code.TYPE),
  {
    input: 'waypoints where nothing brings their kinds',
    code: Code.GATEWAY_API_MISSING,
    value: 'ambient',
    provoke: () => printed(() => synthesize(install(new MeshApp(), 'ambient'))),
  },
  {
    input: 'kinds that are older than Istio reads them',
    code: Code.GATEWAY_API_OLD,
    value: '1.4.1',
    provoke: () => {
      const app = install(new MeshApp());
      crds({ version: '1.4.1', channel: GatewayApiChannel.EXPERIMENTAL }, app);
      return printed(() => synthesize(app));
    },
  },
];
