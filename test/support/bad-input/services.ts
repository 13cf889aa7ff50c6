import { Duration } from 'cdk8s';
import { MeshedService, Port, Timeout, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped, userObject } from './provocation';

const HTTP_SERVICE = { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };

export const SERVICES: readonly Provocation[] = [
  {
    input: 'two protocols on one container port',
    code: Code.PORT_TWICE,
    value: '8080',
    provoke: () =>
      new MeshApp().service('cart', {
        ports: [Port.http(80, { containerPort: 8080 }), Port.tcp(81, { containerPort: 8080 })],
      }),
  },
  {
    input: 'a port on which the proxy listens',
    code: Code.UNSUPPORTED,
    value: '15001',
    provoke: () => new MeshApp().service('cart', { ports: [Port.http(80, { containerPort: 15001 })] }),
  },
  {
    input: 'a service that is declared twice',
    code: Code.SERVICE_TWICE,
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart');
      return new MeshedService(app.chart, 'Again', { name: 'cart', namespace: app.shop });
    },
  },
  ...['Cart', 'cart_1', '1cart', 'cart-', ''].map((name) => ({
    input: `the service name "${name}"`,
    code: Code.NAME,
    value: name,
    provoke: () => new MeshApp().service(name, { workload: undefined }),
  })),
  {
    input: 'a service account with a name that Kubernetes refuses',
    code: Code.NAME,
    value: 'Cart',
    provoke: () => new MeshApp().service('cart', { serviceAccount: 'Cart' }),
  },
  {
    input: 'a service under service account default',
    code: Code.SERVICE_ACCOUNT_DEFAULT,
    value: 'default',
    provoke: () => new MeshApp().service('cart', { serviceAccount: 'default' }),
  },
  {
    input: 'a service of another app under service account default',
    code: Code.SERVICE_ACCOUNT_DEFAULT,
    value: 'default',
    provoke: () =>
      MeshedService.fromRef(new MeshApp().chart, 'Ledger', {
        name: 'ledger',
        namespace: 'bank',
        serviceAccount: 'default',
        podLabels: { app: 'ledger' },
      }),
  },
  {
    input: 'pod labels that are none',
    code: Code.LABELS,
    value: '{}',
    provoke: () =>
      MeshedService.fromRef(new MeshApp().chart, 'Ledger', {
        name: 'ledger',
        namespace: 'bank',
        serviceAccount: 'ledger',
        podLabels: {},
      }),
  },
  {
    input: 'a port without protocol',
    code: Code.PORT_PROTOCOL,
    value: '{"port":80}',
    provoke: () => new MeshApp().service('cart', { ports: [untyped<Port>({ port: 80 })] }),
  },
  ...[0, 65536, 80.5].map((port) => ({
    input: `the port number ${port}`,
    code: Code.PORT_INVALID,
    value: String(port),
    provoke: () => Port.http(port),
  })),
  {
    input: 'a container port that is no port number',
    code: Code.PORT_INVALID,
    value: '-1',
    provoke: () => Port.http(80, { containerPort: -1 }),
  },
  {
    input: 'a streaming port where the mesh sees no requests',
    code: Code.PORT_INVALID,
    value: 'tcp',
    provoke: () => Port.tcp(6379, { streaming: true }),
  },
  {
    input: 'a port name that Kubernetes refuses',
    code: Code.NAME,
    value: 'Admin',
    provoke: () => Port.http(80, { name: 'Admin' }),
  },
  {
    input: 'a port name that is too long with its protocol',
    code: Code.NAME,
    value: `http-${'a'.repeat(60)}`,
    provoke: () => Port.http(80, { name: 'a'.repeat(60) }),
  },
  {
    input: 'two ports with one name',
    code: Code.PORT_TWICE,
    value: 'http',
    provoke: () => new MeshApp().service('cart', { ports: [Port.http(80), Port.http(81)] }),
  },
  {
    input: 'two ports with one number',
    code: Code.PORT_TWICE,
    value: '80',
    provoke: () => new MeshApp().service('cart', { ports: [Port.http(80), Port.tcp(80)] }),
  },
  {
    input: 'two ports whose names are one in the Service',
    code: Code.PORT_TWICE,
    value: 'http-admin',
    provoke: () =>
      new MeshApp().service('cart', {
        ports: [Port.http(80, { name: 'admin' }), Port.http(81, { name: 'http-admin' })],
      }),
  },
  {
    input: 'a second Service for a workload that has one',
    code: Code.SERVICE_SECOND,
    value: 'cart-svc',
    provoke: () => withService('cart-svc', HTTP_SERVICE).objects(),
  },
  {
    input: 'an adopted Service without a declared port',
    code: Code.SERVICE_PORTS,
    value: '80',
    provoke: () => withService('cart', { selector: { app: 'cart' }, ports: [{ name: 'http', port: 8080 }] }).objects(),
  },
  {
    input: 'an adopted Service that goes to another container port',
    code: Code.SERVICE_PORTS,
    value: '9090',
    provoke: () =>
      withService('cart', {
        selector: { app: 'cart' },
        ports: [{ name: 'http', port: 80, targetPort: 9090 }],
      }).objects(),
  },
  {
    input: 'an adopted Service that states another protocol',
    code: Code.PORT_PROTOCOL,
    value: 'tcp-x',
    provoke: () =>
      withService('cart', {
        selector: { app: 'cart' },
        ports: [{ name: 'tcp-x', port: 80, targetPort: 8080 }],
      }).objects(),
  },
  {
    input: 'an adopted Service with an undeclared port without protocol',
    code: Code.PORT_PROTOCOL,
    value: '9000',
    provoke: () =>
      withService('cart', {
        ...HTTP_SERVICE,
        ports: [...HTTP_SERVICE.ports, { name: 'extra', port: 9000 }],
      }).objects(),
  },
  {
    input: 'an adopted Service with an undeclared port for requests, which the routes would lead to another port',
    code: Code.SERVICE_PORTS,
    value: '9000',
    provoke: () =>
      withService('cart', {
        ...HTTP_SERVICE,
        ports: [...HTTP_SERVICE.ports, { name: 'http-admin', port: 9000 }],
      }).objects(),
  },
  {
    input: 'an adopted Service that does not select the workload',
    code: Code.SELECTOR,
    value: 'Deployment cart',
    provoke: () => withService('cart', { ...HTTP_SERVICE, selector: { app: 'kart' } }).objects(),
  },
  {
    input: 'an adopted Service that also selects another workload',
    code: Code.SELECTOR,
    value: 'Deployment other',
    provoke: () => {
      const app = withService('cart', HTTP_SERVICE, { app: 'cart', tier: 'back' });
      deployment(app.chart, 'other', { labels: { app: 'cart', tier: 'front' } });
      return app.objects();
    },
  },
  {
    input: 'a timeout of zero',
    code: Code.DURATION,
    value: '0',
    provoke: () => Timeout.of(Duration.seconds(0)),
  },
];

function withService(name: string, spec: object, labels = { app: 'cart' } as Record<string, string>): MeshApp {
  const app = new MeshApp();
  app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', { labels })) });
  userObject(app, 'Service', name, spec);
  return app;
}
