import { CanaryRelease, ExternalHost, IngressRoute, Peer, ZeroTrustNamespace, MeshedService } from '../../../lib';
import type { KubeObject } from '../../../lib/testing';
import { synthesize } from '../../../lib/testing';
import { MeshApp, printed } from '../mesh-app';
import type { Choice } from './choices';
import { World } from './world';

/** The objects that a choice becomes. */
export function synthChoice(choice: Choice): KubeObject[] {
  let objects: KubeObject[] = [];
  printed(() => (objects = objectsOf(choice)));
  return objects;
}

function objectsOf(choice: Choice): KubeObject[] {
  const {
    version,
    environment,
    mesh,
    levels = [],
    routes = [],
    connections = [],
    release,
    external,
    ingress,
    grant,
    explain,
  } = choice;
  const nowhere = undefined as unknown as World;
  const app = new MeshApp(
    { version: version(nowhere), ...(mesh === undefined ? {} : { defaults: mesh(nowhere) }) },
    { environment: environment(nowhere) },
  );
  const said = choice.service(nowhere);
  const namespace =
    choice.namespace === undefined
      ? app.shop
      : new ZeroTrustNamespace(app.chart, 'Namespace', { name: 'shop', resilience: choice.namespace(nowhere) });
  const world = new World(app, namespace, said.ports?.map(({ containerPort }) => containerPort) ?? []);
  const cart = new MeshedService(app.chart, 'cart-service', {
    name: 'cart',
    namespace,
    ...(choice.bringsWorkload?.(world) === true ? {} : { workload: world.workload('v1', choice.matchLabels?.(world)) }),
    ...said,
  });
  world.cart = cart;
  levels.forEach((level) => cart.addResilience(level(world)));
  routes.forEach((route) => cart.addRoute(route(world)));
  connections.forEach((route) => cart.addConnectionRoute(route(world)));
  if (release !== undefined) new CanaryRelease(cart, 'Release', release(world));
  cart.access.allowFrom(world.web, grant?.(world) ?? {});
  if (choice.otherGranted(world)) {
    const around = [world.ops, world.robot];
    around.forEach((peer) => cart.access.allowFrom(peer));
    for (const callee of [world.other, world.store])
      [world.web, Peer.ingressGateway(), ...around].forEach((peer) => callee.access.allowFrom(peer));
  }
  if (external !== undefined) {
    new ExternalHost(app.chart, 'External', external(world)).access.allowFrom(cart);
  }
  if (ingress !== undefined) new IngressRoute(app.chart, 'Ingress', ingress(world));
  const objects = synthesize(app.chart);
  if (explain !== undefined) cart.explainResilience(explain(world));
  return objects;
}
