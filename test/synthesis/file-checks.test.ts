import { App, Chart, YamlOutputType } from 'cdk8s';
import { IstioMesh, Mesh, ZeroTrustNamespace } from '../../lib';
import { objects, thrown } from '../support/mesh-app';
import { twoNamespaces } from '../support/two-namespaces';

const { FILE_PER_APP, FILE_PER_CHART, FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE } = YamlOutputType;

test('every pair of objects that cdk8s would write into one file is an error which names both', () => {
  const message = thrown(() => objects(twoNamespaces(FILE_PER_RESOURCE)));
  for (const id of ['PeerAuthentication-default', 'AuthorizationPolicy-default-deny', 'NetworkPolicy-default-deny']) {
    expect(message).toContain(`MESH-API-038: \`shop/Shop/${id}\` and \`bank/Bank/${id}\``);
  }
});

test('a folder per chart tells them apart by their charts alone', () => {
  expect(objects(twoNamespaces(FOLDER_PER_CHART_FILE_PER_RESOURCE))).not.toEqual([]);
  expect(() => objects(twoNamespaces(FOLDER_PER_CHART_FILE_PER_RESOURCE, true))).toThrow('MESH-API-038');
});

test.each([FILE_PER_APP, FILE_PER_CHART])('files that hold several objects (%s) hold two of one name', (type) => {
  expect(objects(twoNamespaces(type, true))).not.toEqual([]);
});

test('one namespace can be written in one file per resource', () => {
  const app = new App({ yamlOutputType: FILE_PER_RESOURCE });
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  expect(objects(chart)).not.toEqual([]);
});
