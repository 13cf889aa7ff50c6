import { ApiObject } from 'cdk8s';
import { ExternalHost, Port, Workload } from '../../lib';
import { schemaProblems } from '../../lib/testing';
import { MeshApp, at, deploymentManifest, names } from '../support/mesh-app';

function databaseApp() {
  const app = new MeshApp();
  const { spec } = deploymentManifest('db', { ports: [5432] });
  const pods = new ApiObject(app.chart, 'db-pods', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: { ...spec, serviceName: 'db' },
  });
  const database = () => app.service('db', { headless: true, ports: [Port.tcp(5432)], workload: Workload.of(pods) });
  return { app, database };
}

describe('a headless service', () => {
  test('has a Service without an address, and policies for every pod', () => {
    const { app, database } = databaseApp();
    app.service('cart').access.allowTo(database());
    expect(schemaProblems(app.objects().map((object) => ({ ...object })))).toEqual([]);
    expect(app.find('Service', 'db').spec).toMatchObject({
      clusterIP: 'None',
      ports: [{ port: 5432, targetPort: 5432 }],
    });
    expect(at(app.find('Sidecar', 'cart'), 'spec', 'egress')).toEqual([{ hosts: ['shop/db.shop.svc.cluster.local'] }]);
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toMatchObject([
      { to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 5432 }] },
    ]);
  });

  test('adopts a Service that is headless, too', () => {
    const { app, database } = databaseApp();
    database();
    new ApiObject(app.chart, 'Own', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db' },
      spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432, name: 'tcp-db' }] },
    });
    expect(names(app.objects()).filter((name) => name === 'Service db')).toEqual(['Service db']);
  });
});

test('an ExternalName of somebody else is left alone, and what it stands for is an external host', () => {
  const app = new MeshApp();
  const spec = { type: 'ExternalName', externalName: 'db.example.com' };
  new ApiObject(app.chart, 'Own', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other' }, spec });
  const host = new ExternalHost(app.chart, 'Db', { host: 'db.example.com', ports: [Port.tls(5432)] });
  app.service('cart').access.allowTo(host);
  expect(at(app.find('Sidecar', 'cart'), 'spec', 'egress')).toEqual([{ hosts: ['shop/db.example.com'] }]);
});
