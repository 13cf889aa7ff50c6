import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { selectedEverywhere } from '../../manifests/mesh/workloads';
import { fieldAt, indexedRecords, stringMap, textAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { INGRESS_PODS, together } from '../samples';

export const gatewayCredentialMissing: Rule = {
  code: 'MESH-CHK-210',
  istio: 'IST0101',
  severity: 'error',
  title: 'A Gateway names a certificate that is not beside its pods',
  why: 'The gateway reads Secrets of its own namespace only. Without the Secret it does not open the port: the TLS handshake fails.',
  fix: "put the Secret into the namespace of the gateway's pods, or correct `credentialName`",
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - hosts: [shop.example.com]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: shop-tls }
---
apiVersion: v1
kind: Secret
metadata: { name: shop-tls, namespace: shop }
type: kubernetes.io/tls
stringData: { tls.crt: '-', tls.key: '-' }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers:
    - hosts: [shop.example.com]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: shop-cert }
`,
      ),
    ],
    good: [
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers:
    - hosts: [shop.example.com]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: shop-tls }
---
apiVersion: v1
kind: Secret
metadata: { name: shop-tls, namespace: ingress }
type: kubernetes.io/tls
stringData: { tls.crt: '-', tls.key: '-' }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers:
    - hosts: [shop.example.com]
      port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: shop-tls }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: shop, namespace: ingress }
spec: { secretName: shop-tls, dnsNames: [shop.example.com], issuerRef: { name: public } }
`,
      ),
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) => {
      const places = podNamespaces(view, object);
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const name = textAt(server, 'tls', 'credentialName');
        if (name === undefined || name === '') return [];
        return places.flatMap((namespace) => {
          if (hasSecret(view, namespace, name)) return [];
          const elsewhere = view.fact(secretNamespaces).get(name);
          // Secrets are seldom kept beside manifests: a missing one says something only where it lies elsewhere.
          if (elsewhere === undefined && !view.complete) return [];
          return [
            {
              object,
              field: `spec.servers[${index}].tls.credentialName`,
              message: `there is no Secret \`${name}\` in \`${namespace}\`, where the gateway's pods are${elsewhere === undefined ? '' : `; there is one in \`${elsewhere}\``}`,
            },
          ];
        });
      });
    }),
};

function podNamespaces(view: ManifestView, object: LocatedObject): readonly string[] {
  const selector = stringMap(fieldAt(object.object, 'spec', 'selector'));
  if (Object.keys(selector).length === 0) return [];
  return [...new Set(selectedEverywhere(view, selector).map(({ namespace }) => namespace))];
}

function hasSecret(view: ManifestView, namespace: string, name: string): boolean {
  return view.fact(secretNames).has(`${namespace}/${name}`);
}

/** Secrets that are there, and those that cert-manager and others will write. */
function secretNames(view: ManifestView): ReadonlySet<string> {
  return new Set([
    ...view.of(Kind.SECRET).map((secret) => `${namespaceOf(secret)}/${nameOf(secret)}`),
    ...view
      .ofAny('cert-manager.io/Certificate')
      .map((certificate) => `${namespaceOf(certificate)}/${textAt(certificate.object, 'spec', 'secretName')}`),
    ...['bitnami.com/SealedSecret', 'external-secrets.io/ExternalSecret'].flatMap((kind) =>
      view
        .ofAny(kind)
        .flatMap((secret) => [
          `${namespaceOf(secret)}/${nameOf(secret)}`,
          `${namespaceOf(secret)}/${textAt(secret.object, 'spec', 'target', 'name')}`,
        ]),
    ),
  ]);
}

function secretNamespaces(view: ManifestView): ReadonlyMap<string, string> {
  return new Map(
    [...view.fact(secretNames)].map((text) => [text.slice(text.indexOf('/') + 1), text.slice(0, text.indexOf('/'))]),
  );
}
