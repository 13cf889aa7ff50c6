import { ApiObject, Chart } from 'cdk8s';
import {
  CompanionStorage,
  Delivery,
  IngressRoute,
  IngressTls,
  IstioGatewayRole,
  IstioInstall,
  IstioMesh,
  IstioRevisionTags,
  Mesh,
  MeshApp,
  MeshedService,
  OpenTelemetryCollectorInstall,
  Port,
  PrometheusInstall,
  Workload,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';

// Istio by Flux, from a registry of the company, and a service on it.
const app = new MeshApp();
const delivery = Delivery.flux({ interval: '10m', repositorySecret: 'charts' });
const companions = new Chart(app, 'companions');
const prometheus = new PrometheusInstall(companions, 'Prometheus', {
  chartVersion: '81.4.5',
  delivery,
  chartRepository: 'oci://registry.example.com/prometheus/charts',
  storage: CompanionStorage.volume('50Gi', 'premium-rwo'),
  values: { global: { imageRegistry: 'registry.example.com' } },
});
const collector = new OpenTelemetryCollectorInstall(companions, 'Collector', {
  chartVersion: '0.173.0',
  delivery,
  chartRepository: 'oci://registry.example.com/opentelemetry/charts',
  image: 'registry.example.com/otel/opentelemetry-collector-k8s',
  exportUrl: 'https://traces.example.com:4317',
  resources: { memoryRequest: '512Mi', memoryLimit: '512Mi' },
});
const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
  version: '1.30.3',
  revision: '1-30-3',
  tag: 'stable',
  delivery,
  companions: [prometheus, collector],
  chartRepository: 'oci://registry.example.com/istio/charts',
  images: { hub: 'registry.example.com/istio', pullSecrets: ['registry'] },
  profile: 'platform-gke',
  cni: { namespace: 'kube-system', binFolder: '/home/kubernetes/bin' },
  gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
});
new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
Mesh.use(app, IstioMesh.fromInstall(install));

const chart = new Chart(app, 'users', { namespace: 'users' });
const labels = { app: 'users' };
const containers = [
  { name: 'server', image: 'docker.io/mccutchen/go-httpbin:v2.15.0', ports: [{ containerPort: 8080 }] },
];
const users = new MeshedService(chart, 'Users', {
  name: 'users',
  namespace: new ZeroTrustNamespace(chart, 'Namespace', { name: 'users' }),
  ports: [Port.http(80, { containerPort: 8080 })],
  workload: Workload.of(
    new ApiObject(chart, 'Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'users' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    }),
  ),
});
new IngressRoute(chart, 'Ingress', {
  host: 'users.example.com',
  service: users,
  tls: IngressTls.credential('users-example-com'),
});

app.synth();
