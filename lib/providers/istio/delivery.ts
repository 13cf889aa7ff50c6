import type { Delivery, DeliveryIntent } from '../../intent/delivery';
import type { MeshIntent } from '../../intent/mesh';
import type { ServiceRef } from '../../intent/peer';
import type { ServiceIntent } from '../../intent/service';
import type { IgnoredDifference, ObjectPlan, Unsupported } from '../provider';
import { analysisTemplateSpec, rolloutSpec } from './argo-rollouts';
import { argoRolloutsLimits, flaggerLimits, flaggerWarnings } from './delivery-limits';
import { canarySpec, metricTemplateSpec } from './flagger';
import { ingressVirtualServiceSpec } from './ingress';
import { metricSuffixes } from './release-metrics';
import { serviceVirtualServiceSpec } from './routing';
import type { IstioSettings } from './settings';

const NETWORKING = 'networking.istio.io';

/** The objects by which a controller is told what to release. */
export function deliveryObjects(
  settings: IstioSettings,
  { name, namespace }: ServiceRef,
  { controller }: DeliveryIntent,
): readonly ObjectPlan[] {
  const plan = (
    apiVersion: string,
    kind: string,
    suffix: string | undefined,
    spec: (service: ServiceIntent, delivery: Delivery, mesh: MeshIntent) => object,
  ): ObjectPlan => ({
    id: suffix === undefined ? kind : `${kind}-${suffix}`,
    apiVersion,
    kind,
    name: suffix === undefined ? name : `${name}-${suffix}`,
    namespace,
    spec: (mesh) => {
      const service = mesh.service({ kind: 'service', namespace, name });
      return spec(service, deliveryOf(service), mesh);
    },
  });
  const suffixes = metricSuffixes(controller.analysis);
  switch (controller.kind) {
    case 'argoRollouts':
      return [
        ...suffixes.map((suffix) =>
          plan('argoproj.io/v1alpha1', 'AnalysisTemplate', suffix, (service, delivery) =>
            analysisTemplateSpec(service, controller, delivery, suffix),
          ),
        ),
        plan('argoproj.io/v1alpha1', 'Rollout', undefined, (service, delivery, mesh) =>
          rolloutSpec(service, controller, delivery, [
            { name, spec: serviceVirtualServiceSpec(settings, service, mesh) },
            ...delivery.ingresses.map((ingress) => ({
              name: ingress.name,
              spec: ingressVirtualServiceSpec(settings, ingress, mesh),
            })),
          ]),
        ),
      ];
    case 'flagger':
      return [
        ...suffixes.map((suffix) =>
          plan('flagger.app/v1beta1', 'MetricTemplate', suffix, (service, delivery) =>
            metricTemplateSpec(service, controller, delivery, suffix),
          ),
        ),
        plan('flagger.app/v1beta1', 'Canary', undefined, (service, delivery) =>
          canarySpec(service, controller, delivery),
        ),
      ];
  }
}

/** Kinds of objects that the controller makes by itself, of a service and of an ingress to it. */
export function handedOver({ controller }: DeliveryIntent): {
  readonly ofService: readonly string[];
  readonly ofIngress: readonly string[];
} {
  return controller.kind === 'flagger'
    ? { ofService: ['Service', 'DestinationRule', 'VirtualService'], ofIngress: ['VirtualService'] }
    : { ofService: [], ofIngress: [] };
}

/** What the controller with Istio cannot do for a service. */
export function deliveryLimits(service: ServiceIntent, delivery: Delivery): readonly Unsupported[] {
  const { controller } = delivery;
  return controller.kind === 'flagger'
    ? flaggerLimits(service, controller, delivery)
    : argoRolloutsLimits(service, controller, delivery);
}

/** What callers of a service do without because of its controller. */
export function deliveryWarnings(service: ServiceIntent, { controller }: Delivery): readonly string[] {
  return controller.kind === 'flagger' ? flaggerWarnings(service) : [];
}

/** Fields of emitted objects, and of the workload, that the controller changes in the cluster. */
export function ignoredDifferences({ ref }: ServiceIntent, delivery: Delivery): readonly IgnoredDifference[] {
  const { controller, workload, preview, ingresses } = delivery;
  const { namespace } = ref;
  const deployment = { group: 'apps', kind: 'Deployment', name: workload.name, namespace, paths: ['.spec.replicas'] };
  return controller.kind === 'flagger'
    ? [deployment]
    : [
        ...[ref, ...ingresses].map(({ name }) => ({
          group: NETWORKING,
          kind: 'VirtualService',
          name,
          namespace,
          paths: [
            '.spec.http[].route[].weight',
            ...(preview.length > 0 ? [`.spec.http[] | select(.name == "${ref.name}-preview")`] : []),
          ],
        })),
        {
          group: NETWORKING,
          kind: 'DestinationRule',
          name: ref.name,
          namespace,
          paths: ['.spec.subsets[].labels["rollouts-pod-template-hash"]'],
        },
        ...(controller.scaleDown === 'never' ? [] : [deployment]),
      ];
}

function deliveryOf({ ref, delivery }: ServiceIntent): Delivery {
  if (delivery === undefined) {
    throw new Error(`${ref.name} has objects of a controller and none is known`);
  }
  return delivery;
}
