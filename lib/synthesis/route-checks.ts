import type { Problem } from '../errors';
import { Code, MeshError } from '../errors';
import type { RouteTarget } from '../intent/composition';
import { composeRoutes } from '../intent/composition';
import { ANYTHING } from '../intent/conditions';
import type { IngressIntent } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import { describeRef, refKey } from '../intent/peer';
import type { RouteIntent } from '../intent/route';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';

/** Routes that contradict each other, that can never match, or that lead where their callers may not go. */
export function routeProblems(intent: MeshIntent, ingresses: readonly IngressIntent[]): readonly Problem[] {
  return [
    ...intent
      .allServices()
      .flatMap((service) => [
        ...compositionProblems(service),
        ...service.routes.flatMap((route) => destinationProblems(intent, service, route)),
      ]),
    ...ingresses.flatMap((ingress) => {
      const service = intent.service(ingress.service);
      const entered = ingress.paths.map((path) => ({ ...ANYTHING, path }));
      return compositionProblems(service).length > 0
        ? []
        : problemOf(() => composeRoutes(target(service), ingress.port, entered.length > 0 ? entered : [ANYTHING]));
    }),
  ];
}

function compositionProblems(service: ServiceIntent): readonly Problem[] {
  const names = service.routes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice !== undefined
    ? [
        {
          code: Code.ROUTE,
          message: `\`${serviceKey(service.ref)}\` has two routes named \`${twice}\``,
          fix: 'give each route a name of its own',
        },
      ]
    : service.ports
        .filter((port) => port.carriesRequests)
        .flatMap((port) => problemOf(() => composeRoutes(target(service), port, [ANYTHING])));
}

/** Everybody who may call a service must be allowed to call where its routes lead. */
function destinationProblems(
  intent: MeshIntent,
  service: ServiceIntent,
  { name, action }: RouteIntent,
): readonly Problem[] {
  if (action.kind !== 'forward' || action.to === undefined) {
    return [];
  }
  const other = intent.service(action.to);
  const ports = other.ports.filter((port) => port.carriesRequests && (action.port ?? port.name) === port.name);
  if (ports.length !== 1) {
    return [
      {
        code: Code.ROUTE,
        message: `route \`${name}\` of \`${serviceKey(service.ref)}\` leads to \`${serviceKey(other.ref)}\`, which has ${ports.length === 0 ? 'no such port that carries requests' : 'several that carry requests'}`,
        fix: 'give the name of one of its HTTP or gRPC ports as `port`',
      },
    ];
  }
  const allowed = new Set(intent.grantsTo(other.ref).map(({ caller }) => refKey(caller)));
  return [...new Map(intent.grantsTo(service.ref).map(({ caller }) => [refKey(caller), caller])).values()]
    .filter((caller) => !allowed.has(refKey(caller)))
    .map((caller) => ({
      code: Code.ROUTE,
      message: `route \`${name}\` of \`${serviceKey(service.ref)}\` leads ${describeRef(caller)} to \`${serviceKey(other.ref)}\`, which it may not call`,
      fix: `add the missing grant: \`access.allowFrom\` of \`${serviceKey(other.ref)}\` for ${describeRef(caller)}`,
    }));
}

function target(service: ServiceIntent): RouteTarget {
  return { ...service, name: serviceKey(service.ref) };
}

function problemOf(work: () => unknown): readonly Problem[] {
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
