import type { ApiObject } from 'cdk8s';
import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Delivery } from '../intent/delivery';
import { controllerName } from '../intent/delivery';
import type { IngressIntent } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { ServiceRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import { identityOf } from '../manifests/objects';
import type { Provider } from '../providers/provider';
import { autoscalerProblems, readAutoscalers } from './autoscaler-checks';
import type { Binding } from './binding';
import { isEmitted } from './emitted';
import type { Registry, ServiceEntry } from './registry';
import { isStanding } from './tree';
import type { Tree } from './tree';

/** A release by a controller, with what the service's workload says; undefined where there is none. */
export function deliveryOf(
  { declaration: { ref }, delivery }: ServiceEntry,
  { workloads }: Binding,
  ingresses: readonly IngressIntent[],
): Delivery | undefined {
  const view = workloads[0]?.view;
  return delivery === undefined || view === undefined
    ? undefined
    : {
        ...delivery.intent,
        workload: {
          name: view.name,
          // Those that it lacks are added to it.
          podLabels: { app: ref.name, ...view.podLabels },
          matchLabels: view.matchLabels,
          ...(view.replicas === undefined ? {} : { replicas: view.replicas }),
        },
        ingresses,
      };
}

/** Takes back the objects that controllers make by themselves: two of one name would fight. */
export function handOver(registry: Registry, provider: Provider): void {
  const remove = (scope: ServiceEntry['construct'], kinds: readonly string[]) =>
    kinds.forEach((kind) => scope.node.tryRemoveChild(kind));
  for (const { construct, delivery } of registry.released) {
    if (delivery !== undefined) {
      remove(construct, provider.handedOver(delivery.intent).ofService);
    }
  }
  for (const { construct, intent } of registry.ingresses) {
    const delivery = registry.services.get(serviceKey(intent.service))?.delivery;
    if (delivery !== undefined) {
      remove(construct, provider.handedOver(delivery.intent).ofIngress);
    }
  }
}

/** What keeps controllers from releasing what they are told to. */
export function deliveryProblems(intent: MeshIntent, provider: Provider, tree: Tree): readonly Problem[] {
  const leading = routesByTarget(intent);
  const autoscalers = readAutoscalers(tree);
  return intent.allServices().flatMap((service) => {
    const { delivery, ref } = service;
    if (delivery === undefined) {
      return [];
    }
    const key = serviceKey(ref);
    const name = controllerName(delivery.controller);
    return [
      ...provider.unsupported({ kind: 'delivery', service, delivery }).map(({ feature, reason, instead }) => ({
        code: Code.UNSUPPORTED,
        message: `${provider.name} cannot express ${feature}: ${reason}`,
        fix: instead,
      })),
      ...replicaProblems(key, delivery),
      ...autoscalerProblems(ref, delivery, autoscalers),
      ...(leading.get(key) ?? []).map((route) => ({
        code: Code.RELEASE,
        message: `${route} leads to \`${key}\`, whose shares ${name} moves in routes of its own host only`,
        fix: 'let callers call it by its own name, or release it without `controller`',
      })),
      ...(provider.handedOver(delivery).ofService.includes('Service') ? foreignServices(tree, ref) : []).map(
        (object) => ({
          code: Code.RELEASE,
          message: `the Service \`${object.node.path}\` of \`${key}\` is one that ${name} makes by itself`,
          fix: 'remove it from the app',
        }),
      ),
    ];
  });
}

function replicaProblems(key: string, { controller, workload }: Delivery): readonly Problem[] {
  return controller.kind === 'argoRollouts' && (controller.replicas ?? workload.replicas) === 0
    ? [
        {
          code: Code.RELEASE,
          message: `\`Deployment ${workload.name}\` of \`${key}\` has \`replicas: 0\`, and its Rollout would have none, too`,
          fix: 'give `replicas` of the controller',
        },
      ]
    : [];
}

/** Routes of other services, by the service that they lead to. */
function routesByTarget(intent: MeshIntent): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const atGateways = intent.allIngresses().map(({ service, routes }) => ({ ref: service, routes, connections: [] }));
  for (const { ref, routes, connections } of [...intent.allServices(), ...atGateways]) {
    const targets = [
      ...routes.map(({ name, action }) => ({ name, to: action.kind === 'forward' ? action.to : undefined })),
      ...connections,
    ];
    for (const { name, to } of targets) {
      if (to !== undefined) {
        const key = serviceKey(to);
        found.set(key, [...(found.get(key) ?? []), `route \`${name}\` of \`${serviceKey(ref)}\``]);
      }
    }
  }
  return found;
}

function foreignServices(tree: Tree, { namespace, name }: ServiceRef): readonly ApiObject[] {
  const objects = tree.byIdentity.get(identityOf('v1', 'Service', namespace, name)) ?? [];
  return objects.filter((object) => isStanding(object) && !isEmitted(object));
}
