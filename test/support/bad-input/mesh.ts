import { App, Chart } from 'cdk8s';
import { IstioMesh, IstioProviderKind, Mesh, Peer, ZeroTrustNamespace } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, PROVIDERS } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

export const MESH: readonly Provocation[] = [
  {
    input: 'a version of Kubernetes that is none',
    code: Code.MESH_OPTION,
    value: 'latest',
    provoke: () => new IstioMesh({ version: '1.30.3', kubernetesVersion: 'latest' }),
  },
  {
    input: 'native sidecars where Kubernetes has none',
    code: Code.MESH_OPTION,
    value: '1.28',
    provoke: () => new IstioMesh({ version: '1.30.3', kubernetesVersion: '1.28', nativeSidecars: true }),
  },
  {
    input: 'an environment that is none',
    code: Code.MESH_OPTION,
    value: 'prod',
    provoke: () => Mesh.use(new App(), new IstioMesh({ version: '1.30.3' }), { environment: untyped('prod') }),
  },
  {
    input: 'a construct where no mesh is in scope',
    code: Code.NO_MESH,
    value: 'shop/Namespace',
    provoke: () => new ZeroTrustNamespace(new Chart(new App(), 'shop'), 'Namespace', { name: 'shop' }),
  },
  {
    input: 'a second mesh below the first',
    code: Code.MESH_TWICE,
    value: 'shop',
    provoke: () => Mesh.use(new MeshApp().chart, new IstioMesh({ version: '1.30.3' })),
  },
  {
    input: 'a mesh above another',
    code: Code.MESH_TWICE,
    value: 'shop',
    provoke: () => {
      const app = new App();
      Mesh.use(new Chart(app, 'shop'), new IstioMesh({ version: '1.30.3' }));
      Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
    },
  },
  {
    input: 'everybody as the Kubernetes API',
    code: Code.MESH_OPTION,
    value: '0.0.0.0/0',
    provoke: () => new IstioMesh({ version: '1.30.3', kubernetesApi: { cidrs: ['0.0.0.0/0'] } }),
  },
  {
    input: 'a version that is no release',
    code: Code.MESH_OPTION,
    value: '1.30',
    provoke: () => new IstioMesh({ version: '1.30' }),
  },
  {
    input: 'a release that is too old',
    code: Code.MESH_OPTION,
    value: '1.21.9',
    provoke: () => new IstioMesh({ version: '1.21.9' }),
  },
  {
    input: 'a revision beside a revision tag, which would be two labels',
    code: Code.MESH_OPTION,
    value: 'stable',
    provoke: () => new IstioMesh({ version: '1.30.3', revision: '1-30-3', revisionTag: 'stable' }),
  },
  {
    input: 'a revision that is no name',
    code: Code.NAME,
    value: '1.30.3',
    provoke: () => new IstioMesh({ version: '1.30.3', revision: '1.30.3' }),
  },
  {
    input: 'a trust domain that is no domain',
    code: Code.MESH_OPTION,
    value: 'spiffe://corp',
    provoke: () => new IstioMesh({ version: '1.30.3', trustDomain: 'spiffe://corp' }),
  },
  {
    input: 'a Kubernetes API without addresses',
    code: Code.MESH_OPTION,
    value: 'kubernetesApi.cidrs',
    provoke: () => new IstioMesh({ version: '1.30.3', kubernetesApi: { cidrs: [] } }),
  },
  {
    input: 'a Kubernetes API at something that is no range of addresses',
    code: Code.EXTERNAL_ADDRESS,
    value: '10.0.0.1',
    provoke: () => new IstioMesh({ version: '1.30.3', kubernetesApi: { cidrs: ['10.0.0.1'] } }),
  },
  {
    input: 'a range of addresses with bits beyond its mask',
    code: Code.EXTERNAL_ADDRESS,
    value: '169.254.20.10/16',
    provoke: () => new IstioMesh({ version: '1.30.3', dns: { cidrs: ['169.254.20.10/16'] } }),
  },
  {
    input: 'a provider that is given twice',
    code: Code.MESH_OPTION,
    value: 'otel',
    provoke: () => new MeshApp({ providers: [...(PROVIDERS ?? []), ...(PROVIDERS ?? []).slice(0, 1)] }),
  },
  {
    input: 'a provider at a port that is none',
    code: Code.PORT_INVALID,
    value: '70000',
    provoke: () =>
      new MeshApp({
        providers: [
          {
            name: 'otel',
            kind: IstioProviderKind.TRACING,
            service: 'otel',
            namespace: 'ops',
            port: 70000,
            containerPort: 4317,
          },
        ],
      }),
  },
  {
    input: 'a provider that the mesh does not have',
    code: Code.PROVIDER_UNKNOWN,
    value: 'opaa',
    provoke: () => new MeshApp({ providers: PROVIDERS ?? [] }).service('cart', { providers: ['opaa'] }),
  },
  {
    input: 'what the installed version of the mesh does not have',
    code: Code.UNSUPPORTED,
    value: 'retryBudget',
    provoke: () => new MeshApp({ version: '1.26.4' }).service('cart'),
  },
  {
    input: 'a grant to the gateway when its identity was never given',
    code: Code.GATEWAY_UNKNOWN,
    value: 'shop/cart',
    provoke: () => new MeshApp({ ingressGateway: undefined }).service('cart').access.allowFrom(Peer.ingressGateway()),
  },
  {
    input: 'a gateway under the service account of every pod',
    code: Code.SERVICE_ACCOUNT_DEFAULT,
    value: 'default',
    provoke: () =>
      new MeshApp({
        ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'default', podLabels: { istio: 'ingress' } },
      }),
  },
  {
    input: 'a call to the Kubernetes API when its addresses were never given',
    code: Code.KUBERNETES_API_UNKNOWN,
    value: 'shop/cart-service',
    provoke: () => new MeshApp({ kubernetesApi: undefined }).service('cart').access.allowTo(Peer.kubernetesApi()),
  },
  {
    input: 'a call from the Kubernetes API when its addresses were never given',
    code: Code.KUBERNETES_API_UNKNOWN,
    value: 'shop/cart',
    provoke: () =>
      new MeshApp({ kubernetesApi: undefined })
        .service('cart')
        .access.allowFrom(Peer.kubernetesApi(), { ports: ['http'] }),
  },
];
