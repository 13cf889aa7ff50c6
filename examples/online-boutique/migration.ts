import { App, Chart } from 'cdk8s';
import { IstioMesh, Mesh, MeshedNamespace, MigrationStage, MtlsMigration } from 'cdk8s-mesh';
import { allowCalls } from './calls';
import { shop } from './services';

// The way into the mesh of main.ts. In your repository, this is the one line that each change edits.
const stage = Object.values(MigrationStage).find((known) => known === process.env.STAGE) ?? MigrationStage.ENROLLED;

const app = new App();
Mesh.use(app, new IstioMesh({ version: '1.30.3', nativeSidecars: true }));

const chart = new Chart(app, 'online-boutique', { namespace: 'online-boutique' });
const namespace = new MeshedNamespace(chart, 'Namespace', { name: 'online-boutique' });
const services = shop(chart);
allowCalls(services);

new MtlsMigration(chart, 'Migration', {
  namespaces: [namespace],
  stage,
  strict: [services.paymentservice, services.checkoutservice],
  exceptions: [
    {
      service: services.redisCart,
      ports: ['redis'],
      reason: 'the backup reads it from outside the mesh',
      until: '2099-12-31',
    },
  ],
});

app.synth();
