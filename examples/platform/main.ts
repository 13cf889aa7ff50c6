import { Chart } from 'cdk8s';
import {
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  MeshApp,
  MeshTelemetry,
  MetricsScrape,
  Tracing,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { BROWSE, allowCalls } from '../online-boutique/calls';
import { google } from '../online-boutique/google';
import { shop } from '../online-boutique/services';
import { companions, kiali } from './companions';
import { DELIVERY, platform } from './install';
import { NEW } from './versions';

// Istio by Argo CD, and on it the Online Boutique, which knows from the install what is there.
const app = new MeshApp();
const beside = companions(app, DELIVERY);
const install = platform(app, NEW, beside.ofMesh);
const mesh = new IstioMesh({ ...install.meshProps, kubernetesVersion: '1.33' });
Mesh.use(app, mesh);
kiali(app, DELIVERY, mesh, beside);

const chart = new Chart(app, 'online-boutique', { namespace: 'online-boutique' });
new ZeroTrustNamespace(chart, 'Namespace', { name: 'online-boutique' });
const services = shop(chart);
new IngressRoute(chart, 'Ingress', {
  host: 'boutique.example.com',
  service: services.frontend,
  tls: IngressTls.credential('boutique-example-com'),
  methods: BROWSE,
});
allowCalls(services);
const { accounts, apis, metadata } = google(chart);
services.frontend.access.allowTo(accounts);
services.frontend.access.allowTo(metadata);
for (const caller of [services.frontend, services.checkoutservice, services.paymentservice]) {
  caller.access.allowTo(apis);
}

new MetricsScrape(chart, 'Scrape', {});
new MeshTelemetry(chart, 'Telemetry', { tracing: Tracing.sampled(1) });

app.synth();
