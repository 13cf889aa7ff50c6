import type { MeshedService } from 'cdk8s-mesh';
import { Operation } from 'cdk8s-mesh';
import type { shop } from './services';

/** What people in front of a browser do. */
export const BROWSE = ['GET', 'POST'];

/** Who calls whom in the shop, doing what. */
export function allowCalls({
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
}: ReturnType<typeof shop>): void {
  allow([loadgenerator], frontend, Operation.http({ methods: BROWSE }));

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
}

function allow(callers: readonly MeshedService[], callee: MeshedService, operation: Operation): void {
  callers.forEach((caller) => callee.access.allowFrom(caller, { operations: [operation] }));
}

function rpc(service: string, ...methods: string[]): Operation {
  return Operation.grpc(`hipstershop.${service}`, ...methods);
}
