import type { AnalysisTemplateSpec, RolloutSpec, RolloutSpecStrategyCanarySteps } from '../../../imports/argoproj.io';
import type { VirtualServiceSpec, VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import type { ArgoRolloutsIntent, Delivery } from '../../intent/delivery';
import { DRIVEN } from '../../intent/release';
import type { ServiceIntent } from '../../intent/service';
import { subsetName } from './format';
import { metricSuffixes, releaseMetrics, revisionSeries } from './release-metrics';

/** A VirtualService whose shares the controller moves. */
export interface DrivenRoutes {
  readonly name: string;
  readonly spec: VirtualServiceSpec;
}

/** Names the routes that are shared: the controller finds them by name, and takes no others. */
export function withRouteNames(routes: readonly VirtualServiceSpecHttp[]): readonly VirtualServiceSpecHttp[] {
  const shared = routes.filter(isShared);
  return routes.map((route) => {
    const index = shared.indexOf(route);
    return index < 0 ? route : { name: index === 0 ? 'primary' : `primary-${index + 1}`, ...route };
  });
}

function isShared({ route = [] }: VirtualServiceSpecHttp): boolean {
  const subsets = route.map(({ destination }) => destination.subset);
  return [DRIVEN.stable, ...DRIVEN.candidates].every(({ version }) => subsets.includes(subsetName(version)));
}

/** Spec of the Rollout that runs a service's pods and moves its shares. */
export function rolloutSpec(
  { ref }: Pick<ServiceIntent, 'ref'>,
  controller: ArgoRolloutsIntent,
  delivery: Delivery,
  routes: readonly DrivenRoutes[],
): RolloutSpec {
  const { workload, preview } = delivery;
  const replicas = controller.replicas ?? workload.replicas;
  const previewRoute = `${ref.name}-preview`;
  const virtualServices = routes.map((routed) => ({
    name: routed.name,
    routes: (routed.spec.http ?? []).filter(isShared).flatMap((route) => route.name ?? []),
  }));
  const [only, second] = virtualServices;
  return {
    ...(replicas === undefined ? {} : { replicas }),
    workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: workload.name, scaleDown: controller.scaleDown },
    strategy: {
      canary: {
        trafficRouting: {
          ...(preview.length > 0 ? { managedRoutes: [{ name: previewRoute }] } : {}),
          istio: {
            ...(only !== undefined && second === undefined ? { virtualService: only } : { virtualServices }),
            destinationRule: {
              name: ref.name,
              stableSubsetName: subsetName(DRIVEN.stable.version),
              canarySubsetName: DRIVEN.candidates.map(({ version }) => subsetName(version)).join(),
            },
          },
        },
        analysis: {
          templates: metricSuffixes(controller.analysis).map((suffix) => ({ templateName: `${ref.name}-${suffix}` })),
          startingStep: 1,
        },
        steps: controller.steps.flatMap(({ weightPercent, pauseSeconds }, index) => [
          { setWeight: weightPercent },
          ...(index === 0 && preview.length > 0 ? [previewStep(previewRoute, delivery)] : []),
          { pause: pauseSeconds === undefined ? {} : { duration: `${pauseSeconds}s` } },
        ]),
      },
    },
  };
}

/** Once the first share is served there are pods for it; at the end and after an abort, the controller takes the route away. */
function previewStep(name: string, { preview }: Delivery): RolloutSpecStrategyCanarySteps {
  return {
    setHeaderRoute: {
      name,
      match: preview.flatMap(({ _conditions: { headers } }) =>
        headers.map((header) => ({ headerName: header.name, headerValue: { [header.kind]: header.value } })),
      ),
    },
  };
}

/** Spec of the AnalysisTemplate of one metric. Without requests, a judgement says nothing, and after some the release waits. */
export function analysisTemplateSpec(
  { ref }: Pick<ServiceIntent, 'ref'>,
  { analysis }: ArgoRolloutsIntent,
  delivery: Delivery,
  suffix: string,
): AnalysisTemplateSpec {
  const { prometheusAddress, failureLimit, intervalSeconds } = analysis;
  return {
    metrics: releaseMetrics(analysis, revisionSeries(ref, delivery))
      .filter((metric) => metric.suffix === suffix)
      .map(({ query, bound }) => {
        const [good, bad] =
          'min' in bound ? [`>= ${bound.min}`, `< ${bound.min}`] : [`<= ${bound.max}`, `> ${bound.max}`];
        const measured = 'len(result) > 0 && !isNaN(result[0])';
        return {
          name: suffix,
          initialDelay: `${Math.max(60, intervalSeconds)}s`,
          interval: `${intervalSeconds}s`,
          successCondition: `${measured} && result[0] ${good}`,
          failureCondition: `${measured} && result[0] ${bad}`,
          failureLimit,
          inconclusiveLimit: failureLimit,
          provider: { prometheus: { address: prometheusAddress, query } },
        };
      }),
  };
}
