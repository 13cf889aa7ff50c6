import { Chart } from 'cdk8s';
import type { IstioInstallProps } from '../../lib';
import {
  Delivery,
  IstioGatewayRole,
  IstioInstall,
  IstioMesh,
  IstioRevisionTags,
  IstioUpgradeStage,
  Mesh,
  MeshApp,
  MeshedService,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import { synthesize } from '../../lib/testing';
import type { KubeObject } from '../../lib/testing';
import { deployment, printed } from './mesh-app';

/** A shop with a canary of itself, on a mesh that is installed by the same app. */
export interface UpgradingShopOptions {
  readonly props?: Partial<IstioInstallProps>;
  readonly previous?: string;
}

/** The control plane that runs, and the one that shall. */
export const OLD = { version: '1.29.4', revision: '1-29-4' };
export const NEW = { version: '1.30.3', revision: '1-30-3' };

/** Every stage of an upgrade in which everything changes, and what runs before and after it. */
export const STATES: Readonly<Record<string, Partial<IstioInstallProps>>> = {
  before: OLD,
  ...Object.fromEntries(
    Object.values(IstioUpgradeStage).map((stage) => [stage, { ...OLD, upgrade: { ...NEW, stage } }]),
  ),
  after: NEW,
};

export class UpgradingShop {
  readonly app = new MeshApp();
  readonly install: IstioInstall;
  readonly mesh: Mesh;

  constructor({ props = {}, previous }: UpgradingShopOptions = {}) {
    this.install = new IstioInstall(new Chart(this.app, 'istio'), 'Istio', {
      ...OLD,
      delivery: Delivery.argoCd(),
      tag: 'stable',
      canary: { tag: 'early', namespaces: ['shop-early'] },
      cni: {},
      gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
      ...props,
    });
    new IstioRevisionTags(new Chart(this.app, 'istio-tags'), 'Tags', { install: this.install });
    this.mesh = Mesh.use(this.app, IstioMesh.fromInstall(this.install), previous === undefined ? {} : { previous });
    for (const namespace of ['shop', 'shop-early']) {
      const chart = new Chart(this.app, namespace, { namespace });
      new MeshedService(chart, 'Cart', {
        name: 'cart',
        namespace: new ZeroTrustNamespace(chart, 'Namespace', { name: namespace }),
        ports: [Port.http(80, { containerPort: 8080 })],
        workload: Workload.of(deployment(chart, 'cart')),
      });
    }
  }

  /** Everything that it becomes; warnings are not printed. */
  objects(): readonly KubeObject[] {
    let objects: readonly KubeObject[] = [];
    printed(() => (objects = synthesize(this.app)));
    return objects;
  }
}

/** What the shop becomes at each of {@link STATES}. */
export function upgradedObjects(props: Partial<IstioInstallProps>): ReadonlyMap<string, readonly KubeObject[]> {
  return new Map(
    Object.entries(STATES).map(([name, state]) => [
      name,
      new UpgradingShop({ props: { ...props, ...state } }).objects(),
    ]),
  );
}
