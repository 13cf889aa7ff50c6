import { App, Chart } from 'cdk8s';
import { IstioMesh, Mesh, MeshedNamespace, MeshedService, MigrationStage, MtlsMigration, Port } from 'cdk8s-mesh';
import { client, httpbinVersion } from './samples';

// The task of Istio's documentation that migrates to mutual TLS. In your repository, this is the one line that each change edits.
const stage = Object.values(MigrationStage).find((known) => known === process.env.STAGE) ?? MigrationStage.ENROLLED;

const app = new App();
Mesh.use(app, new IstioMesh({ version: '1.30.3' }));

// Two namespaces whose clients call the servers of both. A third one, `legacy`, stays outside of the mesh: whoever calls from there
// was declared by nobody, is seen at the second stage, and is refused from the third one on, by one server after the other.
const teams = ['foo', 'bar'].map((name) => {
  const chart = new Chart(app, name, { namespace: name });
  const namespace = new MeshedNamespace(chart, 'Namespace', { name });
  const httpbin = new MeshedService(chart, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(chart, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
  });
  return { name, chart, namespace, httpbin, curl: client(chart, 'curl') };
});
for (const { httpbin } of teams) teams.forEach(({ curl }) => httpbin.access.allowFrom(curl));

new MtlsMigration(new Chart(app, 'migration'), 'Migration', {
  namespaces: teams.map(({ namespace }) => namespace),
  stage,
  strict: teams.filter(({ name }) => name === 'foo').map(({ httpbin }) => httpbin),
});

app.synth();
