import { podTemplatePath } from '../../manifests/workload';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

export const annotationInvalid: Rule = {
  code: 'MESH-CHK-511',
  istio: 'IST0125',
  severity: 'warning',
  title: 'An annotation of Istio with a value that it cannot read',
  why: 'The injector refuses the pod, or ignores the annotation.',
  fix: 'write the value as https://istio.io/latest/docs/reference/config/annotations/ says',
  examples: {
    bad: [
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: '3306;5432' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCPU: 100 mili } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: '3306,5432', sidecar.istio.io/proxyMemory: 128Mi } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { traffic.sidecar.istio.io/includeOutboundIPRanges: '*', sidecar.istio.io/logLevel: debug } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, pods }) =>
      Object.entries(pods.podAnnotations).flatMap(([key, value]) => {
        const form = FORMS.find(({ keys }) => keys.test(key));
        return form === undefined || form.values.test(value)
          ? []
          : [
              {
                object,
                field: [...podTemplatePath(object.object.kind), 'metadata', 'annotations'].join('.') + `["${key}"]`,
                message: `\`${value}\` is no ${form.what}`,
              },
            ];
      }),
    ),
};

const FORMS: readonly { readonly keys: RegExp; readonly values: RegExp; readonly what: string }[] = [
  {
    keys: /^traffic\.sidecar\.istio\.io\/(include|exclude)(Inbound|Outbound)Ports$/,
    values: /^(\*|(\d{1,5}(-\d{1,5})?)?(\s*,\s*\d{1,5}(-\d{1,5})?)*,?)$/,
    what: 'list of ports, separated by commas',
  },
  {
    keys: /^sidecar\.istio\.io\/proxy(CPU|Memory)(Limit)?$/,
    values: /^\d+(\.\d+)?([munkMGTPE]|[KMGTPE]i)?$/,
    what: 'quantity such as `100m` or `128Mi`',
  },
  {
    keys: /^sidecar\.istio\.io\/(inject|rewriteAppHTTPProbers|nativeSidecar)$/,
    values: /^(true|false)$/,
    what: '`true` or `false`',
  },
  {
    keys: /^sidecar\.istio\.io\/(logLevel)$/,
    values: /^(trace|debug|info|warning|error|critical|off)$/,
    what: 'level of Envoy',
  },
];
