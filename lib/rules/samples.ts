/** Manifests that examples share. */

/** A namespace whose pods get sidecars. */
export const SHOP = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
`;

/** A Service of one HTTP port. */
export const CART_SERVICE = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }] }
`;

/** The pods behind it. */
export const CART_PODS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, version: v1 } }
    spec:
      serviceAccountName: cart
      containers: [{ name: cart, image: cart, ports: [{ containerPort: 8080 }] }]
`;

/** The identity of these pods. */
export const CART_ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata: { name: cart, namespace: shop }
`;

/** Pods that call others. */
export const WEB_PODS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }]
`;

/** A gateway's pods in a namespace of their own. */
export const INGRESS_PODS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: ingress }
spec:
  selector: { matchLabels: { istio: ingress } }
  template:
    metadata: { labels: { istio: ingress }, annotations: { inject.istio.io/templates: gateway } }
    spec: { serviceAccountName: ingress, containers: [{ name: istio-proxy, image: auto }] }
`;

/** A gateway that takes requests for one host. */
export const PUBLIC_GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
`;

/** The namespace of istiod, and what it needs to read another cluster. */
export const CLUSTERS = `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Secret
metadata: { name: istio-remote-secret-west, namespace: istio-system, labels: { istio/multiCluster: 'true' } }
stringData: { west: 'kind: Config' }
`;

/** The networks of a mesh, where Istio keeps them. */
export function networksConfig(networks: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  meshNetworks: |
${networks.replace(/^/gm, '    ')}
`;
}

/** Several manifests as one text. */
export function together(...texts: readonly string[]): string {
  return texts.join('---\n');
}
