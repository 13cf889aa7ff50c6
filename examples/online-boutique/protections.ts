import { Duration } from 'cdk8s';
import { ConnectionPool, LoadBalancing, RateLimit, Retries, RetryBudget, Timeout } from 'cdk8s-mesh';
import type { ResilienceOptions } from 'cdk8s-mesh';

const seconds = (count: number) => Timeout.of(Duration.seconds(count));

/** How long each service is waited for and what it is spared; the mesh's defaults hold besides. */
export const protections = {
  // A page waits for an order, and an order for everything that it takes.
  frontend: { timeout: seconds(30), rateLimit: RateLimit.perPod({ requests: 200, per: Duration.seconds(1) }) },
  checkoutservice: { timeout: seconds(20), retries: Retries.off() },
  paymentservice: {
    timeout: seconds(10),
    retries: Retries.off(),
    rateLimit: RateLimit.perPod({ requests: 50, per: Duration.seconds(1) }),
  },
  emailservice: { timeout: seconds(10) },
  shippingservice: { timeout: seconds(5) },
  // What is asked for on every page, and only read.
  currencyservice: {
    timeout: seconds(3),
    retries: Retries.of({ attempts: 2, perTryTimeout: Duration.seconds(1) }),
    retryBudget: RetryBudget.of({ percent: 10 }),
    loadBalancing: LoadBalancing.leastRequest({ warmup: Duration.seconds(30) }),
  },
  productcatalogservice: {
    timeout: seconds(3),
    retries: Retries.of({ attempts: 2, perTryTimeout: Duration.seconds(1) }),
  },
  cartservice: { timeout: seconds(3) },
  // A page without them is better than a late one.
  adservice: { timeout: Timeout.of(Duration.millis(500)), retries: Retries.off() },
  recommendationservice: { timeout: seconds(2), retries: Retries.off() },
  'redis-cart': { connectionPool: ConnectionPool.of({ maxConnections: 256 }) },
} satisfies Record<string, ResilienceOptions>;
