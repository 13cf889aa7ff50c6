import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../support/read-back';
import { ofKind, parseObjects, readCalls, readImports, readOpenWorkloads, readPods } from '../support/read-back';
import { synthExample } from '../support/synth-example';

const FOLDER = join(__dirname, '../../examples/brownfield/manifests');
const before = readdirSync(FOLDER).flatMap((file) => parseObjects(readFileSync(join(FOLDER, file), 'utf8')));
const after = parseObjects(synthExample('brownfield'));

test('there are twelve Deployments and twelve Services, of which nothing knows about a mesh', () => {
  expect(before.filter(({ kind }) => kind === 'Deployment')).toHaveLength(12);
  expect(before.filter(({ kind }) => kind === 'Service')).toHaveLength(12);
  expect(JSON.stringify(before)).not.toContain('istio');
});

test('every object of the files is there with all that it had; selectors are as they were', () => {
  for (const object of before) {
    const now = twin(object);
    expect(now).toMatchObject(object);
    expect((now?.spec as Selecting | undefined)?.selector).toEqual((object.spec as Selecting | undefined)?.selector);
  }
});

test('nothing but the mesh adds objects: no Service and no Namespace, a ServiceAccount only where there was none', () => {
  const added = after.filter((object) => !before.some((known) => twin(known) === object));
  expect(new Set(added.map(({ kind }) => kind))).toEqual(
    new Set([
      'AuthorizationPolicy',
      'DestinationRule',
      'NetworkPolicy',
      'PeerAuthentication',
      'ServiceAccount',
      'ServiceEntry',
      'Sidecar',
      'VirtualService',
    ]),
  );
  const accounts = added.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
  expect(accounts).not.toContain('login');
  expect(accounts).not.toContain('orders');
  expect(accounts).not.toContain('auth');
});

test('every workload runs under an account of its own', () => {
  const accounts = readPods(after).map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
  expect(new Set(accounts).size).toBe(accounts.length);
  expect(accounts).toContain('depot/login');
});

test('the depot refuses what is not declared, and the reporting team nothing', () => {
  expect(readOpenWorkloads(after)).toEqual(['reporting/dashboard', 'reporting/reports']);
  expect(readImports(after)).toMatchObject({ 'reporting/reports': ['*', '*/*'], 'depot/labels': ['~/*'] });
  const modes = ofKind<{ mtls: { mode: string } }>(after, 'PeerAuthentication', ['mtls']);
  expect(modes.map(({ namespace, spec }) => `${namespace} ${spec.mtls.mode}`).sort()).toEqual([
    'depot STRICT',
    'reporting PERMISSIVE',
  ]);
});

test('the allowed calls are those that are declared', () => {
  const caller = (name: string, namespace = 'depot') => `cluster.local/ns/${namespace}/sa/${name}`;
  expect(readCalls(after)).toEqual(
    [
      `${caller('ingress-nginx', 'ingress-nginx')} -> depot/web:8080 * *`,
      `${caller('web')} -> depot/search:9200 GET *`,
      `${caller('web')} -> depot/auth-v3:3000 * *`,
      `${caller('web')} -> depot/orders:8080 * /api/orders`,
      `${caller('web')} -> depot/orders:8080 * /api/orders/*`,
      `${caller('orders')} -> depot/auth-v3:3000 * /introspect`,
      `${caller('orders')} -> depot/pricing:6565 POST /depot.Pricing/Quote`,
      `${caller('orders')} -> depot/inventory:9000 POST /depot.Inventory`,
      `${caller('orders')} -> depot/inventory:9000 POST /depot.Inventory/*`,
      `${caller('orders')} -> depot/postgres:5432 * *`,
      `${caller('orders')} -> depot/rabbitmq:5672 * *`,
      `${caller('inventory')} -> depot/postgres:5432 * *`,
      `${caller('shipping-worker')} -> depot/rabbitmq:5672 * *`,
      `${caller('shipping-worker')} -> depot/labels:5000 POST *`,
      `${caller('shipping-worker')} -> depot/notifications:8080 * *`,
      `${caller('reports', 'reporting')} -> depot/postgres:5432 * *`,
      `${caller('reports', 'reporting')} -> depot/inventory:8000 GET *`,
    ].sort(),
  );
});

interface Selecting {
  readonly selector?: unknown;
}

function twin({ kind, metadata }: KubeObject): KubeObject | undefined {
  const found = after.filter((other) => other.kind === kind && other.metadata.name === metadata.name);
  return found.length === 1 ? found[0] : undefined;
}
