// One way to get from code to manifests, in a process of its own: node subject.js WAY SERVICES FOLDER
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { serviceObjects } = require('./objects');

const CALLEES = 4;
const [way, services, folder] = [process.argv[2], Number(process.argv[3]), process.argv[4]];

const indexes = () => Array.from({ length: services }, (_, index) => index);

function synthesize(App, props, chartPerService) {
  const { ApiObject, Chart } = require('cdk8s');
  const app = new App({ outdir: folder, ...props });
  const shared = chartPerService ? undefined : new Chart(app, 'all');
  for (const index of indexes()) {
    const chart = shared ?? new Chart(app, `service-${index}`);
    serviceObjects(index).forEach((object, at) => new ApiObject(chart, `${index}-${at}`, object));
  }
  app.synth();
}

function constructs() {
  const { Chart } = require('cdk8s');
  const { IstioMesh, Mesh, MeshApp, MeshedService, Port, Workload, ZeroTrustNamespace } = require('cdk8s-mesh');
  const app = new MeshApp({ outdir: folder });
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'all');
  const namespaces = Array.from(
    { length: 20 },
    (_, at) => new ZeroTrustNamespace(chart, `n-${at}`, { name: `team-${at}` }),
  );
  const all = indexes().map((index) => {
    const name = `service-${index}`;
    const workload = Workload.external({
      kind: 'Deployment',
      name,
      labels: { app: name },
      serviceAccount: name,
      containerPorts: [8080],
    });
    const ports = [Port.http(80, { containerPort: 8080 })];
    return new MeshedService(chart, name, { name, namespace: namespaces[index % 20], workload, ports });
  });
  all.forEach((service, index) => {
    for (let step = 1; step <= CALLEES; step += 1) service.access.allowTo(all[(index + step * 7) % all.length]);
  });
  app.synth();
}

/** The objects of the constructs, written by hand: read from what they gave. */
function constructsByHand() {
  const { ApiObject, Chart } = require('cdk8s');
  const { MeshApp } = require('cdk8s-mesh');
  const objects = JSON.parse(readFileSync(process.argv[5], 'utf8'));
  const app = new MeshApp({ outdir: folder });
  const chart = new Chart(app, 'all');
  objects.forEach((object, index) => new ApiObject(chart, String(index), object));
  app.synth();
}

function writeAll(stringify) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'all'), indexes().flatMap(serviceObjects).map(stringify).join('---\n'));
}

const WAYS = {
  'App, one chart': () => synthesize(require('cdk8s').App, {}, false),
  'App, a chart per service': () => synthesize(require('cdk8s').App, {}, true),
  'MeshApp, one chart': () => synthesize(require('cdk8s-mesh').MeshApp, {}, false),
  'MeshApp, a chart per service': () => synthesize(require('cdk8s-mesh').MeshApp, {}, true),
  'MeshApp, per app': () => synthesize(require('cdk8s-mesh').MeshApp, { layout: 'per app' }, true),
  'MeshApp, per namespace': () => synthesize(require('cdk8s-mesh').MeshApp, { layout: 'per namespace' }, true),
  'MeshApp, per resource': () => synthesize(require('cdk8s-mesh').MeshApp, { layout: 'per resource' }, true),
  constructs,
  'constructs, by hand': constructsByHand,
  'js-yaml alone': () => writeAll((object) => require('js-yaml').dump(object, { noRefs: true, lineWidth: -1 })),
  'JSON alone': () => writeAll((object) => `${JSON.stringify(object)}\n`),
};

const before = process.hrtime.bigint();
WAYS[way]();
const workMs = Number(process.hrtime.bigint() - before) / 1e6;
process.stdout.write(JSON.stringify({ workMs, peakMiB: process.resourceUsage().maxRSS / 1024 }));
