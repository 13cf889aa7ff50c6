import { App, Chart, Duration } from 'cdk8s';
import {
  AccessLog,
  CanaryRelease,
  Claim,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IngressTokens,
  IstioMesh,
  IstioPathNormalization,
  Mesh,
  MeshAlerts,
  MeshTelemetry,
  MetricsScrape,
  PathMatch,
  Timeout,
  TokenIssuer,
  TokenKeys,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { BROWSE, allowCalls } from './calls';
import { google } from './google';
import { recommendations, shop } from './services';

const app = new App();
Mesh.use(
  app,
  new IstioMesh({
    version: '1.30.3',
    nativeSidecars: true,
    ingressGateway: {
      namespace: 'istio-ingress',
      serviceAccount: 'istio-ingress',
      podLabels: { istio: 'ingress' },
    },
    monitoringNamespace: 'monitoring',
    pathNormalization: IstioPathNormalization.MERGE_SLASHES,
  }),
);

const chart = new Chart(app, 'online-boutique', { namespace: 'online-boutique' });
new ZeroTrustNamespace(chart, 'Namespace', { name: 'online-boutique' });

const services = shop(chart);

const CHECKOUT = PathMatch.prefix('/cart/checkout');
const login = new TokenIssuer({
  issuer: 'https://login.example.com',
  keys: TokenKeys.url('https://login.example.com/.well-known/jwks.json'),
  audiences: ['boutique'],
});
new IngressRoute(chart, 'Ingress', {
  host: 'boutique.example.com',
  service: services.frontend,
  tls: IngressTls.credential('boutique-example-com'),
  methods: BROWSE,
  // Everybody may look around, and whoever orders has logged in.
  tokens: [IngressTokens.required({ issuers: [login], paths: [CHECKOUT] })],
  routes: [
    {
      name: 'robots',
      matches: [HttpMatch.allOf({ path: CHECKOUT, claims: [Claim.of('kind').isOneOf('robot')] })],
      // They order again by themselves.
      timeout: Timeout.of(Duration.seconds(5)),
    },
  ],
});
allowCalls(services);

new CanaryRelease(chart, 'Recommendations', {
  service: services.recommendationservice,
  stable: { version: 'v1' },
  candidate: { version: 'v2', workload: recommendations(chart, 'v2') },
  candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-recommendations', 'v2')] })],
  // The next commit says 2.
  plan: { steps: [5, 25, 50, 100], at: 1 },
});

const { accounts, apis, metadata } = google(chart);
services.frontend.access.allowTo(accounts);
services.frontend.access.allowTo(metadata);
for (const caller of [
  services.frontend,
  services.checkoutservice,
  services.currencyservice,
  services.emailservice,
  services.paymentservice,
  services.productcatalogservice,
  services.recommendationservice,
  services.shippingservice,
]) {
  caller.access.allowTo(apis);
}

// Proxies write down what fails, Prometheus' operator collects what they count, and somebody is woken when orders fail or take long.
new MeshTelemetry(chart, 'Telemetry', { accessLog: AccessLog.errors() });
new MetricsScrape(chart, 'Scrape', { labels: { release: 'prometheus' } });
const alerts = new MeshAlerts(chart, 'Alerts', {
  labels: { release: 'prometheus' },
  objective: { successRatePercent: 99.5 },
});
alerts.addObjective(services.checkoutservice, { latency: Duration.millis(500) });

app.synth();
