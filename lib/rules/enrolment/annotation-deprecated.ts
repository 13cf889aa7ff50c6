import { Kind } from '../../manifests/kinds';
import { workloads } from '../../manifests/mesh/workloads';
import { fieldAt, stringMap } from '../../manifests/objects';
import { podTemplatePath } from '../../manifests/workload';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

export const annotationDeprecated: Rule = {
  code: 'MESH-CHK-513',
  istio: 'IST0135',
  severity: 'warning',
  title: 'An annotation that Istio will stop to read',
  why: 'A later release of Istio ignores it without a word.',
  fix: 'write what replaces it, as the message says',
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
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/inject: 'false' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, annotations: { sidecar.istio.io/extraStatTags: tenant } }
spec: { containers: [{ name: cart, image: cart }] }
`,
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
    metadata: { labels: { app: cart, sidecar.istio.io/inject: 'false' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, annotations: { sidecar.istio.io/statsHistogramBins: '100' } }
spec: { containers: [{ name: cart, image: cart }] }
`,
    ],
  },
  check: (view) =>
    [...view.of(Kind.SERVICE), ...workloads(view).map(({ object }) => object)].flatMap((object) => {
      const path = object.object.kind === 'Service' ? [] : podTemplatePath(object.object.kind);
      return Object.keys(stringMap(fieldAt(object.object, ...path, 'metadata', 'annotations'))).flatMap((key) => {
        const instead = DEPRECATED.get(key);
        return instead === undefined
          ? []
          : [
              {
                object,
                field: [...path, 'metadata', 'annotations'].join('.') + `["${key}"]`,
                message: `\`${key}\` is deprecated in favour of ${instead}`,
              },
            ];
      });
    }),
};

const STATS = '`proxyStatsMatcher` in `proxy.istio.io/config` or a ProxyConfig';
const ACCOUNTS = 'the service accounts of a WorkloadEntry';

/** Source: the annotations that istio.io/api 1.30 marks as deprecated. */
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['sidecar.istio.io/inject', 'the label of the same name'],
  ['sidecar.istio.io/discoveryAddress', '`discoveryAddress` in `proxy.istio.io/config`'],
  ['sidecar.istio.io/extraStatTags', 'tags of a Telemetry'],
  ['sidecar.istio.io/statsCompression', '`statsCompression` in `proxy.istio.io/config`'],
  ['sidecar.istio.io/statsInclusionPrefixes', STATS],
  ['sidecar.istio.io/statsInclusionRegexps', STATS],
  ['sidecar.istio.io/statsInclusionSuffixes', STATS],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', '`istio.io/reroute-virtual-interfaces`'],
  ['alpha.istio.io/canonical-serviceaccounts', ACCOUNTS],
  ['alpha.istio.io/kubernetes-serviceaccounts', ACCOUNTS],
]);
