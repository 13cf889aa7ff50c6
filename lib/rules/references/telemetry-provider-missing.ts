import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { policies } from '../../manifests/mesh/policies';
import { fieldAt, indexedRecords, recordList } from '../../manifests/objects';
import type { Violation } from '../finding';
import type { Rule } from '../rule';

export const telemetryProviderMissing: Rule = {
  code: 'MESH-CHK-213',
  istio: 'IST0157',
  severity: 'error',
  title: 'A Telemetry or a CUSTOM policy names a provider that the mesh does not define',
  why: 'Istio ignores the setting: nothing is traced or logged; a CUSTOM policy with an unknown provider denies all requests.',
  fix: 'define it in `extensionProviders` of the mesh configuration, or correct the name',
  examples: {
    bad: [
      `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: zipkin, zipkin: { service: zipkin.obs.svc.cluster.local, port: 9411 } }]' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { tracing: [{ providers: [{ name: jaeger }] }] }
`,
      `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'enableTracing: true' }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  action: CUSTOM
  provider: { name: oauth }
  rules: [{ to: [{ operation: { paths: [/admin] } }] }]
`,
    ],
    good: [
      `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'extensionProviders: [{ name: zipkin, zipkin: { service: zipkin.obs.svc.cluster.local, port: 9411 } }]' }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { tracing: [{ providers: [{ name: zipkin }] }], metrics: [{ providers: [{ name: prometheus }] }] }
`,
      `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: mesh, namespace: istio-system }
spec: { tracing: [{ providers: [{ name: jaeger }] }] }
`,
    ],
  },
  check: (view) => {
    // Without the configuration of the mesh, nothing is known of its providers.
    if (!view.mesh.known) return [];
    const known = new Set([
      ...BUILT_IN,
      ...recordList(view.mesh.config['extensionProviders']).map(({ name }) => String(name)),
    ]);
    const missing = (object: LocatedObject, field: string, name: unknown): readonly Violation[] =>
      typeof name !== 'string' || known.has(name)
        ? []
        : [{ object, field, message: `the mesh defines no provider \`${name}\`` }];
    return [
      ...policies(view, Kind.TELEMETRY).flatMap(({ object, spec }) =>
        ['tracing', 'metrics', 'accessLogging'].flatMap((part) =>
          indexedRecords(spec[part]).flatMap(([entry, index]) =>
            indexedRecords(entry['providers']).flatMap(([provider, at]) =>
              missing(object, `spec.${part}[${index}].providers[${at}].name`, provider['name']),
            ),
          ),
        ),
      ),
      ...policies(view, Kind.AUTHORIZATION_POLICY).flatMap(({ object, spec }) =>
        missing(object, 'spec.provider.name', fieldAt(spec, 'provider', 'name')),
      ),
    ];
  },
};

/** Providers that each mesh has. */
const BUILT_IN: readonly string[] = ['prometheus', 'stackdriver', 'envoy'];
