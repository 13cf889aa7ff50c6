import { App, Chart, Duration } from 'cdk8s';
import {
  CanaryRelease,
  ConnectionPool,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  MeshedService,
  OutlierDetection,
  Port,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { httpDeployment } from './deployment';

const app = new App();
Mesh.use(
  app,
  new IstioMesh({
    version: '1.30.3',
    ingressGateway: {
      namespace: 'istio-ingress',
      serviceAccount: 'istio-ingress',
      podLabels: { istio: 'ingress' },
    },
    monitoringNamespace: 'monitoring',
  }),
);

const chart = new Chart(app, 'recipe', { namespace: 'recipe' });
const recipe = new ZeroTrustNamespace(chart, 'Namespace', { name: 'recipe' });

const userService = new MeshedService(chart, 'UserService', {
  name: 'user-service',
  namespace: recipe,
  workload: httpDeployment(chart, 'user-service-v1', { app: 'user-service', version: 'v1' }, 3),
  ports: [Port.http(80, { containerPort: 8080 })],
  connectionPool: ConnectionPool.of({ maxConnections: 100, maxPendingRequests: 50 }),
  outlierDetection: OutlierDetection.of({
    consecutive5xxErrors: 5,
    interval: Duration.seconds(30),
    baseEjectionTime: Duration.seconds(30),
  }),
});
new CanaryRelease(chart, 'UserRelease', {
  service: userService,
  stable: { version: 'v1' },
  candidate: {
    version: 'v2',
    workload: httpDeployment(chart, 'user-service-v2', { app: 'user-service', version: 'v2' }, 2),
    weightPercent: 10,
  },
  candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
});
new IngressRoute(chart, 'Ingress', {
  host: 'users.example.com',
  service: userService,
  tls: IngressTls.credential('users-example-com'),
});

const service = (name: string) =>
  new MeshedService(chart, name, {
    name,
    namespace: recipe,
    workload: httpDeployment(chart, `${name}-v1`, { app: name }, 2),
    ports: [Port.http(80, { containerPort: 8080 })],
  });
const frontend = service('frontend');
const orderService = service('order-service');
const billingService = service('billing-service');
const paymentService = service('payment-service');

userService.access.allowFrom(frontend);
paymentService.access.allowFrom(orderService);
paymentService.access.allowFrom(billingService);

app.synth();
