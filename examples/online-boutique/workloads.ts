import type { ContainerProps, Probe, Resources } from './deployment';

const IMAGES = 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo';
const VERSION = 'v0.10.6';

const SMALL = resources('100m', '64Mi', '200m', '128Mi');
const PRODUCT_CATALOG_SERVICE_ADDR = 'productcatalogservice:3550';
const NO_PROFILER = { DISABLE_PROFILER: '1' };

const TO_SELL = {
  CART_SERVICE_ADDR: 'cartservice:7070',
  CURRENCY_SERVICE_ADDR: 'currencyservice:7000',
  PRODUCT_CATALOG_SERVICE_ADDR,
  SHIPPING_SERVICE_ADDR: 'shippingservice:50051',
};

/** The main container of every workload, as upstream runs it. */
export const workloads = {
  frontend: {
    ...server('frontend', 8080, {
      ...TO_SELL,
      AD_SERVICE_ADDR: 'adservice:9555',
      CHECKOUT_SERVICE_ADDR: 'checkoutservice:5050',
      RECOMMENDATION_SERVICE_ADDR: 'recommendationservice:8080',
      // The frontend does not start without it, and calls it only with ENABLE_ASSISTANT.
      SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80',
      ENV_PLATFORM: 'gcp',
      ENABLE_PROFILER: '0',
    }),
    probe: { httpGet: { port: 8080, path: '/_healthz' }, initialDelaySeconds: 10 },
  },
  adservice: {
    ...server('adservice', 9555, {}, { initialDelaySeconds: 20, periodSeconds: 15 }),
    resources: resources('200m', '180Mi', '300m', '300Mi'),
  },
  cartservice: {
    ...server('cartservice', 7070, { REDIS_ADDR: 'redis-cart:6379' }, { initialDelaySeconds: 15 }),
    resources: resources('200m', '64Mi', '300m', '128Mi'),
  },
  checkoutservice: server('checkoutservice', 5050, {
    ...TO_SELL,
    EMAIL_SERVICE_ADDR: 'emailservice:5000',
    PAYMENT_SERVICE_ADDR: 'paymentservice:50051',
    ...NO_PROFILER,
  }),
  currencyservice: server('currencyservice', 7000, NO_PROFILER),
  emailservice: server('emailservice', 8080, NO_PROFILER, { periodSeconds: 5 }),
  paymentservice: server('paymentservice', 50051, NO_PROFILER),
  productcatalogservice: server('productcatalogservice', 3550, NO_PROFILER),
  recommendationservice: {
    ...server('recommendationservice', 8080, { PRODUCT_CATALOG_SERVICE_ADDR, ...NO_PROFILER }, { periodSeconds: 5 }),
    resources: resources('100m', '220Mi', '200m', '450Mi'),
  },
  shippingservice: server('shippingservice', 50051, NO_PROFILER),
  'redis-cart': {
    name: 'redis',
    image: 'redis:alpine',
    port: 6379,
    probe: { tcpSocket: { port: 6379 }, periodSeconds: 5 },
    resources: resources('70m', '200Mi', '125m', '256Mi'),
    scratch: '/data',
  },
  loadgenerator: {
    name: 'main',
    image: `${IMAGES}/loadgenerator:${VERSION}`,
    env: { FRONTEND_ADDR: 'frontend:80', USERS: '10', RATE: '1' },
    resources: resources('300m', '256Mi', '500m', '512Mi'),
  },
} satisfies Record<string, ContainerProps>;

/** Runs before the load generator: it calls through the mesh, which only native sidecars let an init container do. */
export const frontendCheck: ContainerProps = {
  name: 'frontend-check',
  image: 'busybox:latest',
  command: ['/bin/sh', '-c', 'until wget -q -O /dev/null "http://$FRONTEND_ADDR"; do sleep 10; done'],
  env: { FRONTEND_ADDR: 'frontend:80' },
};

function server(name: string, port: number, env: ContainerProps['env'], times: Partial<Probe> = {}): ContainerProps {
  return {
    image: `${IMAGES}/${name}:${VERSION}`,
    port,
    env: { PORT: String(port), ...env },
    probe: { grpc: { port }, ...times },
    resources: SMALL,
  };
}

function resources(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
