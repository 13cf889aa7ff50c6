import { Chart } from 'cdk8s';
import {
  IngressRoute,
  IngressTls,
  IstioGatewayRole,
  IstioInstall,
  IstioMesh,
  IstioRevisionTags,
  Mesh,
  MeshApp,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { TerraformDelivery } from 'cdk8s-mesh/terraform';
import { App } from 'cdktf';
import { shop } from './shop';
import { clusterStack } from './stack';

// Istio by Terraform, and a small shop on it. Terraform applies `cdktf.out/stacks/istio`; then `dist` is applied as any manifests are.
const terraform = new App();
const app = new MeshApp();
const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
  version: '1.30.3',
  revision: '1-30-3',
  tag: 'stable',
  delivery: TerraformDelivery.helm(clusterStack(terraform)),
  cni: {},
  gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
});
new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
Mesh.use(app, IstioMesh.fromInstall(install));

const chart = new Chart(app, 'shop', { namespace: 'shop' });
const web = shop(chart, new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' }));
new IngressRoute(chart, 'Ingress', {
  host: 'shop.example.com',
  service: web,
  tls: IngressTls.credential('shop-example-com'),
});

// The manifests first: where they are refused, Terraform gets nothing new, either.
app.synth();
terraform.synth();
