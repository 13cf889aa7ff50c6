import { Kind } from '../../manifests/kinds';
import { byAge } from '../../manifests/mesh/age';
import type { Policy } from '../../manifests/mesh/policies';
import { policies } from '../../manifests/mesh/policies';
import type { Workload } from '../../manifests/mesh/workloads';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, WEB_PODS, together } from '../samples';

export const telemetryTwice: Rule = {
  code: 'MESH-CHK-801',
  istio: 'IST0160',
  istioToo: ['IST0159'],
  severity: 'error',
  title: 'Several Telemetry objects for the same pods',
  why: 'Istio takes the oldest for a namespace, or for a selection of pods; the others have no effect.',
  fix: 'make one of them',
  examples: {
    bad: [
      `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs, namespace: shop }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: traces, namespace: shop }
spec: { tracing: [{ randomSamplingPercentage: 1 }] }
`,
      together(
        CART_PODS,
        `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, tracing: [{ randomSamplingPercentage: 1 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: b, namespace: shop }
spec: { selector: { matchLabels: { version: v1 } }, tracing: [{ randomSamplingPercentage: 5 }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: default, namespace: shop }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, tracing: [{ randomSamplingPercentage: 1 }] }
`,
      ),
      together(
        CART_PODS,
        WEB_PODS,
        `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: a, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, tracing: [{ randomSamplingPercentage: 1 }] }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: b, namespace: shop }
spec: { selector: { matchLabels: { app: web } }, tracing: [{ randomSamplingPercentage: 5 }] }
`,
      ),
    ],
  },
  check: (view) => {
    const owner = new Map<Workload | string, Policy>();
    return [...policies(view, Kind.TELEMETRY)]
      .sort((a, b) => byAge(a.object, b.object))
      .flatMap((policy) => {
        const { object, namespace, selector, targets } = policy;
        if (targets.length > 0) return [];
        const keys: readonly (Workload | string)[] =
          selector === undefined ? [namespace] : selectedWorkloads(view, namespace, selector);
        const other = keys.map((key) => owner.get(key)).find((found) => found !== undefined);
        for (const key of keys) if (!owner.has(key)) owner.set(key, policy);
        return other === undefined
          ? []
          : [
              {
                object,
                field: selector === undefined ? 'spec' : 'spec.selector',
                message: `\`${other.namespace}/${other.name}\` is for ${selector === undefined ? 'the whole namespace' : 'some of the same pods'}, too`,
              },
            ];
      });
  },
};
