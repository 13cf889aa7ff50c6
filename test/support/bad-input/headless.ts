import { ApiObject } from 'cdk8s';
import { CanaryRelease, LoadBalancing, Port, Workload } from '../../../lib';
import type { MeshedServiceProps } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';

const PLAIN = { headless: true, ports: [Port.http(8080)] };

function adopted(props: Partial<MeshedServiceProps>, spec: object) {
  const app = new MeshApp();
  app.service('cart', props);
  new ApiObject(app.chart, 'Own', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec });
  return app.objects();
}

const SPEC = { selector: { app: 'cart' }, ports: [{ name: 'http', port: 8080 }] };

export const HEADLESS: readonly Provocation[] = [
  {
    input: 'a headless service with another port than its container',
    value: '8080',
    provoke: () => new MeshApp().service('cart', { headless: true }),
  },
  {
    input: 'a headless service with load balancing',
    value: 'loadBalancing',
    provoke: () => new MeshApp().service('cart', { ...PLAIN, loadBalancing: LoadBalancing.roundRobin() }),
  },
  {
    input: 'a headless service with load balancing of some calls',
    value: 'loadBalancing',
    provoke: () =>
      new MeshApp()
        .service('cart', PLAIN)
        .addResilience({ ports: ['http'], loadBalancing: LoadBalancing.roundRobin() }),
  },
  {
    input: 'a release of a headless service',
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('cart', PLAIN);
      new CanaryRelease(service, 'Release', {
        service,
        stable: { version: 'v1' },
        candidate: { version: 'v2', workload: Workload.of(deployment(app.chart, 'cart-v2')) },
      });
    },
  },
  {
    input: 'a headless service whose Service has an address',
    value: 'shop/Own',
    provoke: () => adopted(PLAIN, SPEC),
  },
  {
    input: 'a Service without an address of a service that is not headless',
    value: 'shop/Own',
    provoke: () => adopted({ ports: [Port.http(8080)] }, { ...SPEC, clusterIP: 'None' }),
  },
  {
    input: 'an ExternalName as the Service of a service',
    value: 'db.example.com',
    provoke: () => adopted({ ports: [Port.http(8080)] }, { type: 'ExternalName', externalName: 'db.example.com' }),
  },
].map((provocation) => ({ ...provocation, code: Code.HEADLESS }));
