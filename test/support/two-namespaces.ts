import type { YamlOutputType } from 'cdk8s';
import { App, Chart } from 'cdk8s';
import { IstioMesh, Mesh, ZeroTrustNamespace } from '../../lib';

/** The chart of one of two namespaces, each with a chart of its own unless one holds both, to be written in this way. */
export function twoNamespaces(yamlOutputType: YamlOutputType, oneChart = false): Chart {
  const app = new App({ yamlOutputType });
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const shop = new Chart(app, 'shop');
  const bank = oneChart ? shop : new Chart(app, 'bank');
  new ZeroTrustNamespace(shop, 'Shop', { name: 'shop' });
  new ZeroTrustNamespace(bank, 'Bank', { name: 'bank' });
  return shop;
}
