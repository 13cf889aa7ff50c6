import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import { openedPorts } from '../intent/access';
import type { Grant } from '../intent/access';
import { ANYTHING } from '../intent/conditions';
import { composeConnections } from '../intent/connection-composition';
import type { ConnectionConditions } from '../intent/connection-match';
import type { ConnectionRouteIntent } from '../intent/connection-route';
import { connectionPassages, connectionPorts, serverNamesAt } from '../intent/connection-route';
import type { GrantConditions } from '../intent/grant-conditions';
import type { IngressIntent } from '../intent/ingress';
import { connectedByGateway, isPassedThrough } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { namedCallers, saysEndpoints } from '../intent/scope';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import { onPort } from '../intent/ways';
import type { Provider } from '../providers/provider';
import { refusal } from './allowed';
import { problemOf } from './route-checks';

/** Routes for connections that contradict each other, can never match, or lead where nobody lets them in. */
export function connectionProblems(
  intent: MeshIntent,
  ingresses: readonly IngressIntent[],
  provider: Provider,
): readonly Problem[] {
  const routed = intent.allServices().filter(({ connections }) => connections.length > 0);
  const problems = routed.flatMap((service) => {
    const nowhere = service.connections.flatMap((route) => destinationProblems(intent, service, route));
    const ports = service.ports.filter((port) => !port.carriesRequests);
    return nowhere.length > 0
      ? nowhere
      : [
          ...ports.flatMap((port) => orderProblems(intent, service, port)),
          ...entries(intent, service, ingresses).flatMap((entry) => refused(intent, service, entry)),
        ];
  });
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values(), ...nameProblems(intent, routed, provider)];
}

/** Which of the ports of another service is meant has to be clear. */
function destinationProblems(
  intent: MeshIntent,
  { ref }: ServiceIntent,
  { name, to, port }: ConnectionRouteIntent,
): readonly Problem[] {
  const possible = to === undefined ? 1 : connectionPorts(intent.service(to).ports, port).length;
  return to === undefined || possible === 1
    ? []
    : [
        {
          code: Code.ROUTE,
          message: `route \`${name}\` of \`${serviceKey(ref)}\` leads to \`${serviceKey(to)}\`, which has ${possible === 0 ? 'no such port without requests' : 'several without requests'}`,
          fix: 'give the name of one of its TCP, TLS or HTTPS ports as `port`',
        },
      ];
}

function orderProblems(intent: MeshIntent, service: ServiceIntent, port: Port): readonly Problem[] {
  const name = serviceKey(service.ref);
  return problemOf(() =>
    composeConnections({ ...service, name }, port, ['', ...serverNamesAt(service.connections, port)], (route) => {
      const end = route?.to === undefined ? service : intent.service(route.to);
      const [there = port] = route?.to === undefined ? [] : connectionPorts(end.ports, route.port);
      return namedCallers(serviceKey(end.ref), onPort(end.scoped, there).filter(saysEndpoints));
    }),
  );
}

/** Connections that are let in on a port. */
interface Entry {
  readonly port: Port;
  readonly entered: ConnectionConditions;
  readonly under?: GrantConditions;
}

function entries(intent: MeshIntent, service: ServiceIntent, ingresses: readonly IngressIntent[]): readonly Entry[] {
  const granted = ({ caller, conditions, ...grant }: Grant): readonly Entry[] =>
    // Gateways use no routes of the mesh, and the Kubernetes API has no proxy.
    caller.kind === 'ingressGateway' || caller.kind === 'kubernetesApi'
      ? []
      : openedPorts(serviceKey(service.ref), service.ports, { caller, ...grant })
          .ports.filter((port) => !port.carriesRequests)
          .map((port) => ({
            port,
            entered: { serverNames: conditions?.serverNames ?? [], callers: [caller] },
            ...(conditions === undefined ? {} : { under: conditions }),
          }));
  const here = serviceKey(service.ref);
  return [
    ...intent.grantsTo(service.ref).flatMap(granted),
    ...ingresses
      .filter((ingress) => isPassedThrough(ingress) && serviceKey(ingress.service) === here)
      .map((ingress) => ({ port: ingress.port, entered: connectedByGateway(ingress) })),
  ];
}

/** Connections that a caller may open, and that the service to which a route leads them would refuse. */
function refused(
  intent: MeshIntent,
  { ref, connections }: ServiceIntent,
  { port, entered, under }: Entry,
): readonly Problem[] {
  return connectionPassages(connections, port, entered).flatMap(({ conditions, route }) => {
    if (route?.to === undefined) {
      return [];
    }
    const callee = intent.service(route.to);
    const [there = port] = connectionPorts(callee.ports, route.port);
    return conditions.callers.flatMap((caller) => {
      const no = refusal(intent, callee, there, caller, under, ANYTHING);
      return no === undefined
        ? []
        : [
            {
              code: Code.ROUTE,
              message: `route \`${route.name}\` of \`${serviceKey(ref)}\` leads ${describeRef(caller)} to \`${serviceKey(callee.ref)}\`, ${no.why}`,
              fix: no.fix,
            },
          ];
    });
  });
}

/** Server names that two services have, or that are the host of another one: proxies would choose one of the two. */
function nameProblems(intent: MeshIntent, routed: readonly ServiceIntent[], provider: Provider): readonly Problem[] {
  const owners = new Map<string, string>([
    ...intent.allServices().flatMap(({ ref }) => {
      const short = `${ref.name}.${ref.namespace}`;
      return [short, `${short}.svc`, provider.serviceHost(ref)].map((host) => [host, serviceKey(ref)] as const);
    }),
    ...intent.allExternals().map(({ host }) => [host, host] as const),
  ]);
  return routed.flatMap(({ ref, ports, connections }) => {
    const key = serviceKey(ref);
    const names = new Set(ports.flatMap((port) => serverNamesAt(connections, port)));
    return [...names].flatMap((name) => {
      const other = owners.get(name) ?? key;
      owners.set(name, other);
      const { name: route = '' } =
        connections.find(({ matches }) => matches.some(({ serverNames }) => serverNames.includes(name))) ?? {};
      return other === key
        ? []
        : [
            {
              code: Code.ROUTE,
              message: `route ${quoted([route])} of \`${key}\` is for server name \`${name}\`, which is one of \`${other}\``,
              fix: 'give each service server names of its own',
            },
          ];
    });
  });
}
