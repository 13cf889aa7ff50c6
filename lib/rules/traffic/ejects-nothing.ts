import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import type { DestinationRule } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { findHost } from '../../manifests/mesh/registry';
import { workloadsOf } from '../../manifests/mesh/services';
import { fieldAt, isRecord, textAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, together } from '../samples';

export const ejectsNothing: Rule = {
  code: 'MESH-CHK-601',
  severity: 'warning',
  title: 'Outlier detection that can eject nothing',
  why: 'Envoy ejects at most 10% of the endpoints unless told otherwise, which is none of fewer than ten.',
  fix: 'set `maxEjectionPercent` so that at least one of the pods may be ejected',
  examples: {
    bad: [
      together(
        CART_SERVICE,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
`,
      ),
      together(
        CART_SERVICE,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 20 } } }
`,
      ),
    ],
    good: [
      together(
        CART_SERVICE,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 } } }
`,
      ),
      together(
        CART_SERVICE,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
`,
      ),
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap((rule) =>
      trafficPolicies(rule).flatMap(({ path, policy, scope }) => {
        const detection = policy['outlierDetection'];
        if (!isRecord(detection) || Object.keys(detection).length === 0 || scope === 'subset') return [];
        const given = detection['maxEjectionPercent'];
        const percent = typeof given === 'number' && given > 0 ? given : ENVOY_PERCENT;
        const pods = endpoints(view, rule);
        return pods === undefined || pods < 2 || Math.floor((pods * percent) / 100) > 0
          ? []
          : [
              {
                object: rule.object,
                field: `${path}.outlierDetection${given === undefined ? '' : '.maxEjectionPercent'}`,
                message: `${percent}% of \`${pods}\` pods is less than one`,
              },
            ];
      }),
    ),
};

const ENVOY_PERCENT = 10;

/** How many pods are behind a host; undefined where it is not known, or where an autoscaler decides. */
function endpoints(view: ManifestView, { host, namespace }: DestinationRule): number | undefined {
  const target = findHost(view, host, namespace);
  const pods = target === undefined || !('service' in target) ? [] : workloadsOf(view, target.service);
  if (
    pods.length === 0 ||
    pods.some(({ object }) => view.fact(scaled).has(scaledKey(namespaceOf(object), object.object.kind, nameOf(object))))
  )
    return undefined;
  return pods.every(({ pods: { replicas, kind } }) => replicas !== undefined && kind !== 'DaemonSet')
    ? pods.reduce((sum, workload) => sum + (workload.pods.replicas ?? 0), 0)
    : undefined;
}

function scaled(view: ManifestView): ReadonlySet<string> {
  return new Set(
    view.ofAny('autoscaling/HorizontalPodAutoscaler').map((scaler) => {
      const target = fieldAt(scaler.object, 'spec', 'scaleTargetRef');
      return scaledKey(namespaceOf(scaler), textAt(target, 'kind') ?? '', textAt(target, 'name') ?? '');
    }),
  );
}

function scaledKey(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}
