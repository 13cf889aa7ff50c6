import { App, Chart } from 'cdk8s';
import {
  IstioMesh,
  Mesh,
  MeshAlerts,
  MeshedService,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';

/** The rules that `conformance` tests: those of a service with requests, one with gRPC, and one with connections only. */
export function alertRules(): string {
  const app = new App();
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  const service = (name: string, port: Port) =>
    new MeshedService(chart, name, {
      name,
      ports: [port],
      workload: Workload.external({
        kind: 'Deployment',
        name,
        labels: { app: name },
        serviceAccount: name,
        containerPorts: [port.containerPort],
      }),
    });
  service('web', Port.http(80));
  service('cart', Port.grpc(7070));
  service('redis', Port.tcp(6379));
  return `# Made by the library: npm run -s conformance:rules\n${new MeshAlerts(chart, 'Alerts').rulesFile()}`;
}
