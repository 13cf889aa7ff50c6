import { ApiObject, Chart } from 'cdk8s';
import { ExternalHost, MeshedNamespace, MeshedService, PodSecurity, Port, ZeroTrustNamespace } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
import type { Provocation } from './provocation';

export const NAMESPACES: readonly Provocation[] = [
  {
    input: 'a service in a namespace that was never declared',
    code: Code.NAMESPACE_UNDECLARED,
    value: 'shop',
    provoke: () => new MeshedService(new MeshApp().chart, 'Cart', { name: 'cart' }),
  },
  {
    input: 'a service in a chart without a namespace',
    code: Code.NAMESPACE_UNDECLARED,
    value: 'bare/Cart',
    provoke: () => new MeshedService(new Chart(new MeshApp().app, 'bare'), 'Cart', { name: 'cart' }),
  },
  {
    input: 'an external host in a chart without a namespace',
    code: Code.NAMESPACE_UNDECLARED,
    value: 'bare/Stripe',
    provoke: () =>
      new ExternalHost(new Chart(new MeshApp().app, 'bare'), 'Stripe', {
        host: 'api.stripe.com',
        ports: [Port.https(443)],
      }),
  },
  {
    input: 'a namespace that exists, and refuses the pods that are injected',
    code: Code.POD_SECURITY,
    value: 'old',
    provoke: () => {
      const { app } = new MeshApp({ cni: false });
      const chart = new Chart(app, 'old');
      const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
      new ApiObject(chart, 'Object', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old', labels } });
      MeshedNamespace.fromExisting(chart, 'Namespace', { name: 'old' });
      app.synthYaml();
    },
  },
  {
    input: 'a namespace that is declared twice',
    code: Code.NAMESPACE_TWICE,
    value: 'shop/Again',
    provoke: () => {
      const { chart, shop } = new MeshApp();
      return new MeshedNamespace(chart, 'Again', { name: shop.namespaceName });
    },
  },
  {
    input: 'a namespace with a name that Kubernetes refuses',
    code: Code.NAME,
    value: 'Shop',
    provoke: () => new ZeroTrustNamespace(new MeshApp().chart, 'Namespace', { name: 'Shop' }),
  },
  ...['istio-system', 'kube-system'].flatMap((name) =>
    [ZeroTrustNamespace, MeshedNamespace].map((kind) => ({
      input: `the namespace ${name}, which is no service's, as a ${kind.name}`,
      code: Code.UNSUPPORTED,
      value: name,
      provoke: () => new kind(new MeshApp().chart, 'Namespace', { name }),
    })),
  ),
  {
    input: 'zero trust in a namespace that exists without `enforceNow`',
    code: Code.NAMESPACE_ENFORCE,
    value: 'shop',
    provoke: () =>
      ZeroTrustNamespace.fromExisting(new MeshApp().chart, 'Namespace', { name: 'shop', enforceNow: false }),
  },
  ...[PodSecurity.BASELINE, PodSecurity.RESTRICTED].map((podSecurity) => ({
    input: `Pod Security ${podSecurity} without the CNI plugin`,
    code: Code.POD_SECURITY,
    value: podSecurity,
    provoke: () => new ZeroTrustNamespace(new MeshApp().chart, 'Namespace', { name: 'shop', podSecurity }),
  })),
  {
    input: 'a namespace with the label of a revision beside the label of injection',
    code: Code.INJECTION_LABELS,
    value: 'istio.io/rev: canary',
    provoke: () => existingWith({ 'istio.io/rev': 'canary' }).objects(),
  },
  {
    input: 'a namespace with the label of injection beside the label of a revision',
    code: Code.INJECTION_LABELS,
    value: 'istio-injection: enabled',
    provoke: () => existingWith({ 'istio-injection': 'enabled' }, '1-30-3').objects(),
  },
  {
    input: 'a namespace that says it is not injected',
    code: Code.INJECTION_LABELS,
    value: 'istio-injection: disabled',
    provoke: () => existingWith({ 'istio-injection': 'disabled' }).objects(),
  },
  {
    input: 'a second label of injection on a namespace of its own making',
    code: Code.INJECTION_LABELS,
    value: 'istio.io/rev: canary',
    provoke: () => {
      const app = new MeshApp();
      ApiObject.of(app.shop.node.findChild('Namespace')).metadata.addLabel('istio.io/rev', 'canary');
      return app.objects();
    },
  },
];

function existingWith(labels: Record<string, string>, revision?: string): MeshApp {
  const app = new MeshApp(revision === undefined ? {} : { revision });
  new ApiObject(app.chart, 'Legacy', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'legacy', labels } });
  MeshedNamespace.fromExisting(app.chart, 'Existing', { name: 'legacy' });
  return app;
}
