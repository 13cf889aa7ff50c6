import type { Problem } from '../errors';
import { Code, MeshError } from '../errors';
import type { RouteTarget } from '../intent/route-target';
import { composeRoutes } from '../intent/composition';
import type { IngressIntent } from '../intent/ingress';
import { carriesConnections, enteredAt, enteredTarget } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { RouteIntent } from '../intent/route';
import { portsFor } from '../intent/route-end';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';

/** Routes that contradict each other, that can never match, or that lead nowhere. */
export function routeProblems(intent: MeshIntent, ingresses: readonly IngressIntent[]): readonly Problem[] {
  const services = new Map(intent.allServices().map((service) => [service, nameProblems(service)]));
  for (const [service, problems] of services) {
    const nowhere = [
      ...service.routes.flatMap((route) => destinationProblems(intent, `\`${serviceKey(service.ref)}\``, route)),
      ...mirrorProblems(intent, service),
    ];
    const ports = service.ports.filter((port) => port.carriesRequests);
    const all = [...problems, ...nowhere];
    services.set(
      service,
      all.length > 0 ? all : ports.flatMap((port) => problemOf(() => intent.routesTo(service, port))),
    );
  }
  return [
    ...[...services.values()].flat(),
    ...ingresses.flatMap((ingress) => {
      const service = intent.service(ingress.service);
      const own = ingress.routes.length === 0 ? [] : ownProblems(intent, service, ingress);
      return own.length > 0
        ? own
        : services.get(service)?.length === 0 && !carriesConnections(ingress)
          ? problemOf(() =>
              composeRoutes(enteredTarget(target(service), ingress), ingress.port, enteredAt(ingress), intent),
            )
          : [];
    }),
  ];
}

/** What is wrong with the rules of an ingress, apart from where they meet. */
function ownProblems(intent: MeshIntent, service: ServiceIntent, ingress: IngressIntent): readonly Problem[] {
  return [
    ...nameProblems(enteredTarget(service, ingress)),
    ...ingress.routes.flatMap((route) => destinationProblems(intent, `the ingress \`${serviceKey(ingress)}\``, route)),
  ];
}

function nameProblems({ ref, routes, connections }: ServiceIntent): readonly Problem[] {
  const names = [...routes, ...connections].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? []
    : [
        {
          code: Code.ROUTE,
          message: `\`${serviceKey(ref)}\` has two routes named \`${twice}\``,
          fix: 'give each route a name of its own',
        },
      ];
}

/** Routes to another service need to say to which of its ports, where that is not clear. */
function destinationProblems(intent: MeshIntent, owner: string, { name, action }: RouteIntent): readonly Problem[] {
  return action.kind !== 'forward' || action.to === undefined
    ? []
    : portProblems(`route \`${name}\` of ${owner} leads to`, Code.ROUTE, intent.service(action.to), action.port);
}

/** And so do copies. */
function mirrorProblems(intent: MeshIntent, { ref, release }: ServiceIntent): readonly Problem[] {
  const to = release?.mirror?.to;
  return to?.kind !== 'service'
    ? []
    : portProblems(`the mirror of \`${serviceKey(ref)}\` is`, Code.RELEASE, intent.service(to.ref), to.port);
}

function portProblems(
  what: string,
  code: Code,
  { ref, ports }: ServiceIntent,
  port: string | undefined,
): readonly Problem[] {
  const possible = portsFor(ports, port);
  return possible.length === 1
    ? []
    : [
        {
          code,
          message: `${what} \`${serviceKey(ref)}\`, which has ${possible.length === 0 ? 'no such port that carries requests' : 'several that carry requests'}`,
          fix: 'give the name of one of its HTTP or gRPC ports as `port`',
        },
      ];
}

function target(service: ServiceIntent): RouteTarget {
  return { ...service, name: serviceKey(service.ref) };
}

/** The problem that is thrown, if any. */
export function problemOf(work: () => unknown): readonly Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof MeshError) {
      return [error.problem];
    }
    throw error;
  }
}
