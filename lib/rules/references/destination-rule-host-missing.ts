import { hostKeys } from '../../manifests/mesh/hosts';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { findHost, seesHost } from '../../manifests/mesh/registry';
import { serviceEntries } from '../../manifests/mesh/service-entries';
import { services } from '../../manifests/mesh/services';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';

export const destinationRuleHostMissing: Rule = {
  code: 'MESH-CHK-206',
  istio: 'IST0174',
  severity: 'warning',
  title: 'A DestinationRule for a host that does not exist',
  why: 'The rule has no effect: what it protects or balances is the default.',
  fix: 'correct `host`, or remove the DestinationRule',
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: shop }
spec: { host: '*.bank.svc.cluster.local', trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
    ],
    good: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: '*.partner.example', trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap(({ object, namespace, host, name }) => {
      const found = host.startsWith('*')
        ? !view.complete || anyHost(view, host)
        : findHost(view, host, namespace) !== undefined || !seesHost(view, host);
      return found || host === ''
        ? []
        : [{ object, field: 'spec.host', message: `\`${name}\` is the host of no Service and no ServiceEntry` }];
    }),
};

function anyHost(view: ManifestView, wildcard: string): boolean {
  const { hosts, keys } = view.fact(allHosts);
  return keys.has(wildcard) || hostKeys(wildcard).some((key) => hosts.has(key));
}

/** All hosts, and with the wildcards over them. */
function allHosts(view: ManifestView): { readonly hosts: ReadonlySet<string>; readonly keys: ReadonlySet<string> } {
  const hosts = [...services(view).map(({ host }) => host), ...serviceEntries(view).flatMap((entry) => entry.hosts)];
  return { hosts: new Set(hosts), keys: new Set(hosts.flatMap(hostKeys)) };
}
