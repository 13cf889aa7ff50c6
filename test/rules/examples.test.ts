import { readFileSync } from 'node:fs';
import { stories } from '../../scripts/examples/stories';
import { parseManifests } from '../../lib/manifests/located';
import { viewOf } from '../../lib/manifests/view';
import { runRules } from '../../lib/rules';

/** What the examples rely on and do not install. */
const AROUND = parseManifests(
  'around.yaml',
  `apiVersion: v1
kind: ServiceAccount
metadata: { name: ingress-nginx, namespace: ingress-nginx }
---
apiVersion: v1
kind: Secret
metadata: { name: boutique-example-com, namespace: istio-ingress }
---
apiVersion: v1
kind: Secret
metadata: { name: users-example-com, namespace: istio-ingress }
---
apiVersion: v1
kind: Secret
metadata: { name: shop-example-com, namespace: istio-ingress }
---
apiVersion: v1
kind: Secret
metadata: { name: httpbin-credential, namespace: istio-ingress }
---
apiVersion: v1
kind: Secret
metadata: { name: helloworld-credential, namespace: istio-ingress }
---
apiVersion: v1
kind: Secret
metadata: { name: tcp-echo-credential, namespace: istio-ingress }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-ingress, namespace: istio-ingress }
spec:
  selector: { matchLabels: { istio: ingress } }
  template:
    metadata: { labels: { app: istio-ingress, istio: ingress }, annotations: { inject.istio.io/templates: gateway } }
    spec: { serviceAccountName: istio-ingress, containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: v1
kind: Service
metadata: { name: istiod-1-29-4, namespace: istio-system }
spec: { selector: { app: istiod, istio.io/rev: 1-29-4 }, ports: [{ name: https-webhook, port: 443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: istiod-1-30-3, namespace: istio-system }
spec: { selector: { app: istiod, istio.io/rev: 1-30-3 }, ports: [{ name: https-webhook, port: 443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: istio-egressgateway, namespace: istio-egress }
spec:
  selector: { istio: egressgateway }
  ports: [{ name: https, port: 443 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-egressgateway, namespace: istio-egress }
spec:
  selector: { matchLabels: { istio: egressgateway } }
  template:
    metadata: { labels: { istio: egressgateway }, annotations: { inject.istio.io/templates: gateway } }
    spec: { serviceAccountName: istio-egressgateway, containers: [{ name: istio-proxy, image: auto }] }
`,
).objects;

/** Workloads of a migration, which anybody may call until they are in a zero-trust namespace. */
const OPEN = [
  'frontend',
  'adservice',
  'cartservice',
  'checkoutservice',
  'currencyservice',
  'emailservice',
  'paymentservice',
  'productcatalogservice',
  'recommendationservice-v1',
  'shippingservice',
  'redis-cart',
].map((name) => `MESH-CHK-404 Deployment online-boutique/${name} `);
const SERVED = 'MESH-CHK-420 PeerAuthentication online-boutique/default spec.mtls.mode';
const EXCEPTED = 'MESH-CHK-420 PeerAuthentication online-boutique/redis-cart spec.portLevelMtls["6379"].mode';

/** The two namespaces of a migration after a task of Istio's own pages, in its order. */
const TASK = ['bar', 'foo'].flatMap((space) => [
  `MESH-CHK-420 PeerAuthentication ${space}/default spec.mtls.mode`,
  ...['httpbin-v1', 'curl-v1'].map((name) => `MESH-CHK-404 Deployment ${space}/${name} `),
]);
const TASK_STRICT = TASK.filter((line) => !line.includes('PeerAuthentication'));

/** A namespace that has just begun is told what is missing. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  brownfield: [
    'MESH-CHK-420 PeerAuthentication reporting/default spec.mtls.mode',
    'MESH-CHK-404 Deployment reporting/reports ',
    'MESH-CHK-404 Deployment reporting/dashboard ',
  ],
  // While its policies are only tried out, everybody is admitted, and the name of the policy says so.
  bookinfo: ['MESH-CHK-403 AuthorizationPolicy authorization-dry-run/httpbin-dry-run-admits-everybody spec.rules[0]'],
  'bookinfo-migration-1-enrolled': TASK,
  'bookinfo-migration-2-observed': TASK,
  'bookinfo-migration-3-strict-workloads': TASK,
  'bookinfo-migration-4-strict-namespaces': TASK_STRICT,
  'bookinfo-migration-5-strict-mesh': TASK_STRICT,
  'online-boutique-migration-1-enrolled': [SERVED, ...OPEN],
  'online-boutique-migration-2-observed': [SERVED, ...OPEN, EXCEPTED],
  'online-boutique-migration-3-strict-workloads': [SERVED, ...OPEN, EXCEPTED],
  'online-boutique-migration-4-strict-namespaces': [...OPEN, EXCEPTED],
  'online-boutique-migration-5-strict-mesh': [...OPEN, EXCEPTED],
};

describe.each(stories().map(({ name, expected }) => [name, expected] as const))('the example %s', (name, file) => {
  const { objects } = parseManifests(file, readFileSync(file, 'utf8'));

  test.each([[false], [true]])('has no finding that nobody knows (complete: %s)', (complete) => {
    const findings = runRules(viewOf(objects, AROUND, { complete }));
    expect(
      findings.map(
        ({ code, object, field }) =>
          `${code} ${object.object.kind} ${object.object.metadata?.namespace}/${object.object.metadata?.name} ${field ?? ''}`,
      ),
    ).toEqual(FOUND[name] ?? []);
  });
});
