import { IstioMesh, IstioUpgradeStage, Mesh, MeshApp } from 'cdk8s-mesh';
import { companions, kiali } from './companions';
import { DELIVERY, platform } from './install';
import { shop } from './shop';
import { NEW, OLD } from './versions';

// From 1.29 to 1.30. In your repository, the stage is the one line that each change edits.
const stage = Object.values(IstioUpgradeStage).find((known) => known === process.env.STAGE);
const current = process.env.STAGE === 'after' ? NEW : OLD;

const app = new MeshApp();
const beside = companions(app, DELIVERY);
const install = platform(
  app,
  {
    ...current,
    canary: { tag: 'early', namespaces: ['shop-early'] },
    ...(stage === undefined ? {} : { upgrade: { ...NEW, stage } }),
  },
  beside.ofMesh,
);
const mesh = IstioMesh.fromInstall(install);
Mesh.use(app, mesh);
kiali(app, DELIVERY, mesh, beside);
shop(app, 'shop');
shop(app, 'shop-early');

app.synth();
