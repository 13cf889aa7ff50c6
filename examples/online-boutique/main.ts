import { App, Chart } from 'cdk8s';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  Operation,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import type { MeshedService } from 'cdk8s-mesh';
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
  }),
);

const chart = new Chart(app, 'online-boutique', { namespace: 'online-boutique' });
new ZeroTrustNamespace(chart, 'Namespace', { name: 'online-boutique' });

const {
  loadgenerator,
  frontend,
  adservice,
  cartservice,
  checkoutservice,
  currencyservice,
  emailservice,
  paymentservice,
  productcatalogservice,
  recommendationservice,
  redisCart,
  shippingservice,
} = shop(chart);

const browse = ['GET', 'POST'];
new IngressRoute(chart, 'Ingress', {
  host: 'boutique.example.com',
  service: frontend,
  tls: IngressTls.credential('boutique-example-com'),
  methods: browse,
});
allow([loadgenerator], frontend, Operation.http({ methods: browse }));

allow([frontend], adservice, rpc('AdService', 'GetAds'));
allow([frontend], checkoutservice, rpc('CheckoutService', 'PlaceOrder'));
allow([frontend], recommendationservice, rpc('RecommendationService', 'ListRecommendations'));
allow([checkoutservice], emailservice, rpc('EmailService', 'SendOrderConfirmation'));
allow([checkoutservice], paymentservice, rpc('PaymentService', 'Charge'));
allow([frontend, checkoutservice], cartservice, rpc('CartService', 'AddItem', 'GetCart', 'EmptyCart'));
allow([frontend, checkoutservice], currencyservice, rpc('CurrencyService', 'Convert', 'GetSupportedCurrencies'));
allow([frontend, checkoutservice], shippingservice, rpc('ShippingService', 'GetQuote', 'ShipOrder'));
allow(
  [frontend, checkoutservice, recommendationservice],
  productcatalogservice,
  rpc('ProductCatalogService', 'GetProduct', 'ListProducts'),
);
redisCart.access.allowFrom(cartservice);

new CanaryRelease(chart, 'Recommendations', {
  service: recommendationservice,
  stable: { version: 'v1' },
  candidate: { version: 'v2', workload: recommendations(chart, 'v2') },
  candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-recommendations', 'v2')] })],
  // The next commit says 2.
  plan: { steps: [5, 25, 50, 100], at: 1 },
});

const { accounts, apis, metadata } = google(chart);
frontend.access.allowTo(accounts);
frontend.access.allowTo(metadata);
for (const caller of [
  frontend,
  checkoutservice,
  currencyservice,
  emailservice,
  paymentservice,
  productcatalogservice,
  recommendationservice,
  shippingservice,
]) {
  caller.access.allowTo(apis);
}

app.synth();

function allow(callers: readonly MeshedService[], callee: MeshedService, operation: Operation): void {
  callers.forEach((caller) => callee.access.allowFrom(caller, { operations: [operation] }));
}

function rpc(service: string, ...methods: string[]): Operation {
  return Operation.grpc(`hipstershop.${service}`, ...methods);
}
