import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { serviceOfHost } from '../../manifests/mesh/hosts';
import { policiesOf } from '../../manifests/mesh/policies';
import { imports, sidecarOf } from '../../manifests/mesh/sidecars';
import { workloads } from '../../manifests/mesh/workloads';
import { recordList, textAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const providerNotImported: Rule = {
  code: 'MESH-CHK-707',
  severity: 'warning',
  title: 'A Sidecar that leaves out the service of a provider',
  why: 'Proxies reach the services for tracing, logs and authorization through their Sidecar only: spans are lost, or each request is denied.',
  fix: "add the namespace and host of the provider's service to `egress`",
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: otel, opentelemetry: { service: otel.obs.svc.cluster.local, port: 4317 } }]' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { tracing: [{ providers: [{ name: otel }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: oauth, envoyExtAuthzGrpc: { service: oauth.auth.svc.cluster.local, port: 9000 } }]' }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: CUSTOM, provider: { name: oauth }, rules: [{}] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: otel, opentelemetry: { service: otel.obs.svc.cluster.local, port: 4317 } }]' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { tracing: [{ providers: [{ name: otel }] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*', 'obs/*'] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: otel, opentelemetry: { service: otel.obs.svc.cluster.local, port: 4317 } }]' }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      ),
    ],
  },
  check: (view) => {
    const hosts = view.fact(providerHosts);
    if (hosts.size === 0) return [];
    const reported = new Set<LocatedObject>();
    return workloads(view).flatMap((workload) => {
      const sidecar = workload.dataPlane === 'none' ? undefined : sidecarOf(view, workload);
      if (sidecar?.imports === undefined || reported.has(sidecar.object)) return [];
      const used = [
        ...policiesOf(view, Kind.TELEMETRY, workload).flatMap(({ spec }) =>
          ['tracing', 'accessLogging'].flatMap((part) =>
            recordList(spec[part]).flatMap((entry) => recordList(entry['providers']).map(({ name }) => String(name))),
          ),
        ),
        ...policiesOf(view, Kind.AUTHORIZATION_POLICY, workload).map(
          ({ spec }) => textAt(spec, 'provider', 'name') ?? '',
        ),
      ];
      const missing = used.find((name) => {
        const host = hosts.get(name);
        return host !== undefined && !imports(sidecar, serviceOfHost(host)?.namespace ?? '*', host);
      });
      if (missing === undefined) return [];
      reported.add(sidecar.object);
      return [
        {
          object: sidecar.object,
          field: 'spec.egress',
          message: `it leaves out \`${hosts.get(missing)}\`, which the provider \`${missing}\` calls`,
        },
      ];
    });
  },
};

/** The hosts of the providers that proxies call themselves. */
function providerHosts(view: ManifestView): ReadonlyMap<string, string> {
  return new Map(
    recordList(view.mesh.config['extensionProviders']).flatMap((provider) =>
      Object.values(provider).flatMap((settings) => {
        const service = textAt(settings, 'service');
        // A service may be written as `namespace/host`.
        return service === undefined
          ? []
          : [[String(provider['name']), service.slice(service.indexOf('/') + 1)] as const];
      }),
    ),
  );
}
