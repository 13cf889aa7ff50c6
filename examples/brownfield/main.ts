import { App, Chart } from 'cdk8s';
import {
  ExternalHost,
  ExternalService,
  IstioMesh,
  Mesh,
  MeshedNamespace,
  Operation,
  PathMatch,
  Peer,
  Port,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { depot } from './depot';
import { include } from './manifests';
import { reporting } from './reporting';

const app = new App();
Mesh.use(app, new IstioMesh({ version: '1.30.3', revisionTag: 'stable' }));

include(new Chart(app, 'namespaces'), 'namespaces.yaml');

// Everybody who calls the depot is known, so that everybody else can be refused.
const depotChart = new Chart(app, 'depot', { namespace: 'depot' });
ZeroTrustNamespace.fromExisting(depotChart, 'Namespace', { name: 'depot', enforceNow: true });
const { web, search, auth, orders, pricing, inventory, labels, shippingWorker, notifications, rabbitmq, postgres } =
  depot(depotChart);

// Nobody knows yet who calls the reporting team: nothing is refused there.
const reportingChart = new Chart(app, 'reporting', { namespace: 'reporting' });
MeshedNamespace.fromExisting(reportingChart, 'Namespace', { name: 'reporting' });
const { reports, dashboard } = reporting(reportingChart);

web.access.allowFrom(
  Peer.serviceAccount('ingress-nginx', 'ingress-nginx', {
    podLabels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  }),
);
web.access.allowTo(search, { operations: [Operation.http({ methods: ['GET'] })] });
web.access.allowTo(auth, { ports: ['public'] });
web.access.allowTo(orders, { operations: [Operation.http({ paths: [PathMatch.prefix('/api/orders')] })] });

orders.access.allowTo(auth, {
  ports: ['public'],
  operations: [Operation.http({ paths: [PathMatch.exact('/introspect')] })],
});
orders.access.allowTo(pricing, { operations: [Operation.grpc('depot.Pricing', 'Quote')] });
orders.access.allowTo(inventory, { ports: ['grpc'], operations: [Operation.grpc('depot.Inventory')] });
orders.access.allowTo(postgres);
orders.access.allowTo(rabbitmq, { ports: ['amqp'] });
inventory.access.allowTo(postgres);

shippingWorker.access.allowTo(rabbitmq, { ports: ['amqp'] });
shippingWorker.access.allowTo(labels, { operations: [Operation.http({ methods: ['POST'] })] });
shippingWorker.access.allowTo(notifications);
shippingWorker.access.allowTo(
  new ExternalHost(depotChart, 'Carrier', { host: 'api.carrier.example', ports: [Port.https(443)] }),
);
notifications.access.allowTo(
  new ExternalService(depotChart, 'Mail', { name: 'mail', addresses: ['203.0.113.25'], ports: [Port.tcp(587)] }),
);

dashboard.access.allowTo(reports);
reports.access.allowTo(postgres);
inventory.access.allowFrom(reports, { ports: ['http'], operations: [Operation.http({ methods: ['GET'] })] });

app.synth();
