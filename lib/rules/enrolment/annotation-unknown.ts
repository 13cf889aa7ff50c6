import { podTemplatePath } from '../../manifests/workload';
import { Kind } from '../../manifests/kinds';
import { workloads } from '../../manifests/mesh/workloads';
import { fieldAt, stringMap } from '../../manifests/objects';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

export const annotationUnknown: Rule = {
  code: 'MESH-CHK-505',
  istio: 'IST0108',
  severity: 'warning',
  title: 'A label or annotation of Istio that Istio does not know',
  why: 'It has no effect, often because of a typing error.',
  fix: 'correct it after https://istio.io/latest/docs/reference/config/annotations/',
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
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCpu: 100m } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, annotations: { networking.istio.io/exportto: '.' } }
spec: { ports: [{ port: 80, name: http }] }
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
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCPU: 100m, sidecar.istio.io/statsFlushInterval: 10s, galley.istio.io/analyze-suppress: IST0101, traffic.sidecar.istio.io/excludeOutboundPorts: '3306' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, annotations: { networking.istio.io/exportTo: '.', example.com/exportto: '.' } }
spec: { ports: [{ port: 80, name: http }] }
`,
    ],
  },
  check: (view) =>
    [...view.of(Kind.NAMESPACE), ...view.of(Kind.SERVICE), ...workloads(view).map(({ object }) => object)].flatMap(
      (object) => {
        const places: readonly (readonly string[])[] =
          object.object.kind in TEMPLATES ? [[], podTemplatePath(object.object.kind)] : [[]];
        return places.flatMap((path) =>
          Object.keys(stringMap(fieldAt(object.object, ...path, 'metadata', 'annotations')))
            .filter((key) => GROUP.test(key) && !KNOWN.has(key))
            .map((key) => ({
              object,
              field: [...path, 'metadata', 'annotations'].join('.') + `["${key}"]`,
              message: `Istio knows no annotation \`${key}\``,
            })),
        );
      },
    ),
};

const TEMPLATES: Readonly<Record<string, true>> = {
  Deployment: true,
  StatefulSet: true,
  DaemonSet: true,
  ReplicaSet: true,
  Job: true,
  CronJob: true,
  Rollout: true,
};

const GROUP =
  /^((sidecar|traffic\.sidecar|proxy|readiness\.status\.sidecar|status\.sidecar|networking|inject|ambient|topology|install|galley|internal|security|gateway)\.)?istio\.io\//;

const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'inject',
    'proxyCPU',
    'proxyMemory',
    'proxyCPULimit',
    'proxyMemoryLimit',
    'proxyImage',
    'proxyImageType',
    'logLevel',
    'componentLogLevel',
    'agentLogLevel',
    'statsInclusionPrefixes',
    'statsInclusionSuffixes',
    'statsInclusionRegexps',
    'extraStatTags',
    'statsHistogramBuckets',
    'statsEvictionInterval',
    'statsFlushInterval',
    'statsHistogramBins',
    'statsCompression',
    'userVolume',
    'userVolumeMount',
    'bootstrapOverride',
    'discoveryAddress',
    'enableCoreDump',
    'interceptionMode',
    'rewriteAppHTTPProbers',
    'status',
    'nativeSidecar',
    'controlPlaneAuthPolicy',
    'port',
  ].map((name) => `sidecar.istio.io/${name}`),
  ...[
    'includeInboundPorts',
    'excludeInboundPorts',
    'includeOutboundPorts',
    'excludeOutboundPorts',
    'includeOutboundIPRanges',
    'excludeOutboundIPRanges',
    'excludeInterfaces',
    'kubevirtInterfaces',
  ].map((name) => `traffic.sidecar.istio.io/${name}`),
  ...['applicationPorts', 'failureThreshold', 'initialDelaySeconds', 'periodSeconds'].map(
    (name) => `readiness.status.sidecar.istio.io/${name}`,
  ),
  ...[
    'exportTo',
    'traffic-distribution',
    'tunnel',
    'service-type',
    'address-type',
    'gateway-tls-sidecar-san',
    'upstream-port',
  ].map((name) => `networking.istio.io/${name}`),
  ...[
    'rev',
    'dry-run',
    'autoRegistrationGroup',
    'workloadController',
    'connectedAt',
    'disconnectedAt',
    'use-waypoint',
    'waypoint-for',
    'reroute-virtual-interfaces',
    'connect-strategy',
  ].map((name) => `istio.io/${name}`),
  ...[
    'redirection',
    'bypass-inbound-capture',
    'dns-capture',
    'reroute-virtual-interfaces',
    'waypoint-inbound-binding',
    'connect-strategy',
  ].map((name) => `ambient.istio.io/${name}`),
  'galley.istio.io/analyze-suppress',
  'proxy.istio.io/config',
  'proxy.istio.io/overrides',
  'status.sidecar.istio.io/port',
  'inject.istio.io/templates',
  'topology.istio.io/controlPlaneClusters',
  'topology.istio.io/network',
  'internal.istio.io/parents',
  'gateway.istio.io/controller-version',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'gateway.istio.io/tls-terminate-mode',
  'gateway.istio.io/tls-sds-socket-path',
]);
