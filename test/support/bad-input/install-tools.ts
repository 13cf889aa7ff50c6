import { App, Chart } from 'cdk8s';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IstioInstallProps, RenderedOptions } from '../../../lib';
import {
  Delivery,
  IstioGatewayRole,
  IstioInstall,
  IstioMesh,
  IstioUpgradeStage,
  Mesh,
  MeshApp,
  PodSecurity,
  ZeroTrustNamespace,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { TerraformDelivery } from '../../../lib/terraform';
import { loaded } from '../../../lib/terraform/packages';
import { FAKE_HELM, OLD_HELM, terraformStack } from '../install/emitted';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const GATEWAY = { name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS };
const CHARTS = resolve(__dirname, '../../install/charts');

function install(delivery: Delivery, props: Partial<IstioInstallProps> = {}, app: App = new MeshApp()): IstioInstall {
  const chart = new Chart(app, `c${app.node.children.length}`);
  return new IstioInstall(chart, 'Istio', { version: '1.30.3', delivery, ...props });
}

function rendered(options: Partial<RenderedOptions>, props: Partial<IstioInstallProps> = {}): IstioInstall {
  return install(Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33', ...options }), props);
}

const limited = (input: string, value: string, delivery: () => Delivery, props: Partial<IstioInstallProps>) => ({
  input,
  code: Code.DELIVERY_LIMIT,
  value,
  provoke: () => install(delivery(), props),
});

const UPGRADE = {
  version: '1.29.4',
  revision: '1-29-4',
  tag: 'stable',
  upgrade: { version: '1.30.3', revision: '1-30-3', stage: IstioUpgradeStage.BASE },
};

export const INSTALL_TOOLS: readonly Provocation[] = [
  {
    input: 'a version that is newer than every known one',
    code: Code.MESH_OPTION,
    value: '1.99.0',
    provoke: () => install(Delivery.flux(), { version: '1.99.0' }),
  },
  {
    input: 'Pod Security without the CNI plugin that it needs',
    code: Code.POD_SECURITY,
    value: 'shop',
    provoke: () => {
      const app = new MeshApp();
      Mesh.use(app, IstioMesh.fromInstall(install(Delivery.flux(), {}, app)));
      new ZeroTrustNamespace(new Chart(app, 'shop'), 'Namespace', {
        name: 'shop',
        podSecurity: PodSecurity.RESTRICTED,
      });
      app.synth();
    },
  },
  limited('charts from elsewhere with istioctl', 'chartRepository', () => Delivery.istioctl(), {
    chartRepository: 'oci://registry.example.com/charts',
  }),
  limited('values of the chart gateway with istioctl', 'values.gateway.nodeSelector.pool', () => Delivery.istioctl(), {
    gateways: [GATEWAY],
    values: { gateway: { nodeSelector: { pool: 'edge' } } },
  }),
  limited('a gateway over zones with istioctl', 'values.gateway.topologySpreadConstraints', () => Delivery.istioctl(), {
    gateways: [{ ...GATEWAY, spreadOverZones: true }],
  }),
  limited('a pull secret of a gateway alone with istioctl', 'mine', () => Delivery.istioctl(), {
    gateways: [GATEWAY],
    values: { gateway: { imagePullSecrets: [{ name: 'mine' }] } },
  }),
  limited('values with istioctl that differ between charts', 'global.logAsJson', () => Delivery.istioctl(), {
    cni: {},
    values: { istiod: { global: { logAsJson: true } }, cni: { global: { logAsJson: false } } },
  }),
  limited('an upgrade with istioctl', 'istioctl', () => Delivery.istioctl(), {
    version: '1.29.4',
    revision: '1-29-4',
    tag: 'stable',
    upgrade: { version: '1.30.3', revision: '1-30-3', stage: IstioUpgradeStage.BASE },
  }),
  limited('charts from elsewhere with the Sail operator', 'chartRepository', () => Delivery.sail(), {
    chartRepository: 'oci://registry.example.com/charts',
  }),
  limited('an upgrade in stages with istioctl', 'istioctl', () => Delivery.istioctl(), UPGRADE),
  limited('a gateway with the Sail operator', 'edge', () => Delivery.sail(), { gateways: [GATEWAY] }),
  limited('values of the chart base with the Sail operator', 'values.base.base.excludedCRDs', () => Delivery.sail(), {
    values: { base: { base: { excludedCRDs: [] } } },
  }),
  limited('null with Argo CD', 'pilot.resources', () => Delivery.argoCd(), {
    values: { istiod: { pilot: { resources: null } } },
  }),
  {
    input: 'istioctl in an app that writes nothing but manifests',
    code: Code.DELIVERY_LIMIT,
    value: 'istio.istioctl',
    provoke: () => install(Delivery.istioctl(), {}, new App()),
  },
  {
    input: 'two files of one name',
    code: Code.FILE_TWICE,
    value: 'istio-istio.istioctl',
    provoke: () => {
      const outdir = mkdtempSync(join(tmpdir(), 'twice-'));
      try {
        const app = new MeshApp({ outdir });
        install(Delivery.istioctl(), { revision: 'istio' }, app);
        install(Delivery.istioctl({ clusterName: 'istio' }), {}, app);
        app.synth();
      } finally {
        rmSync(outdir, { recursive: true });
      }
    },
  },
  {
    input: 'a helm that is not there',
    code: Code.HELM_MISSING,
    value: '/nowhere/helm',
    provoke: () => rendered({ helm: '/nowhere/helm' }),
  },
  {
    input: 'a helm that is too old',
    code: Code.HELM_MISSING,
    value: '3.7.2',
    provoke: () => rendered({ helm: OLD_HELM }),
  },
  {
    input: 'charts that helm does not render',
    code: Code.HELM_FAILED,
    value: 'this',
    provoke: () => rendered({ apiVersions: ['fake/fail'] }),
  },
  {
    input: 'charts that are rendered to no YAML',
    code: Code.HELM_FAILED,
    value: 'istio-base',
    provoke: () => rendered({ apiVersions: ['fake/broken'] }),
  },
  {
    input: 'a chart folder without Chart.yaml',
    code: Code.CHART_FOLDER,
    value: 'Chart.yaml',
    provoke: () => rendered({ chartFolder: __dirname }),
  },
  {
    input: 'charts on disk of another version',
    code: Code.CHART_FOLDER,
    value: '1.29.4',
    provoke: () => rendered({ chartFolder: CHARTS }, { version: '1.29.4' }),
  },
  {
    input: 'a version of Kubernetes that is none',
    code: Code.INSTALL,
    value: 'latest',
    provoke: () => rendered({ kubernetesVersion: 'latest' }),
  },
  {
    input: 'the door to Terraform without its packages',
    code: Code.PACKAGES_MISSING,
    value: 'cdktf',
    provoke: () =>
      loaded('cdktf', () => {
        throw new Error("Cannot find module 'cdktf'\nRequire stack:\n- /a");
      }),
  },
  {
    input: 'a stack that is none',
    code: Code.TYPE,
    value: 'stack',
    provoke: () => TerraformDelivery.helm(untyped({})),
  },
  {
    input: 'a time limit of Terraform that is none',
    code: Code.INSTALL,
    value: '0',
    provoke: () => TerraformDelivery.helm(terraformStack(), { timeoutSeconds: 0 }),
  },
];
