import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Grant } from '../intent/access';
import { openedPorts } from '../intent/access';
import type { Conditions } from '../intent/conditions';
import { ANYTHING } from '../intent/conditions';
import type { IngressIntent } from '../intent/ingress';
import { carriesConnections, enteredTarget, sentByGateway } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import { passages } from '../intent/passage';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { portsFor } from '../intent/route-end';
import type { RouteIntent } from '../intent/route';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { PortPassage } from './allowed';
import { operationsOf, refusal } from './allowed';
import { refusedCopies } from './mirror-grants';

/**
 * Requests that a caller may send, that a route makes into others, and that their destination would refuse: its policy sees
 * what the caller's proxy has made of them.
 */
export function routeGrantProblems(intent: MeshIntent, ingresses: readonly IngressIntent[]): readonly Problem[] {
  const changes = ({ action }: RouteIntent) =>
    action.kind === 'forward' && (action.to ?? action.rewritePath) !== undefined;
  const ruled = new Set(
    ingresses.filter(({ routes }) => routes.some(changes)).map(({ service }) => serviceKey(service)),
  );
  const changing = intent
    .allServices()
    .filter(
      ({ ref, routes, release }) =>
        release?.mirror?.to.kind === 'service' || routes.some(changes) || ruled.has(serviceKey(ref)),
    );
  const entrances = new Map<string, IngressIntent[]>();
  for (const ingress of ingresses.filter((each) => !carriesConnections(each))) {
    const key = serviceKey(ingress.service);
    entrances.set(key, [...(entrances.get(key) ?? []), ingress]);
  }
  const problems = changing.flatMap((service) => {
    const atGateway = entrances.get(serviceKey(service.ref)) ?? [];
    return [
      ...intent.grantsTo(service.ref).flatMap((grant) => grantPassages(service, grant)),
      ...atGateway.flatMap((ingress) =>
        portPassages(enteredTarget(service, ingress), ingress.port, sentByGateway(ingress)),
      ),
    ].flatMap((sent) => [...refused(intent, service, sent, atGateway), ...refusedCopies(intent, service, sent)]);
  });
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function portPassages({ routes }: ServiceIntent, port: Port, entered: readonly Conditions[]): readonly PortPassage[] {
  return passages(routes, port, entered).map((passage) => ({ port, passage }));
}

/** What becomes of the requests of a grant. Gateways use no routes of the mesh, and the Kubernetes API has no proxy. */
function grantPassages(service: ServiceIntent, grant: Grant): readonly PortPassage[] {
  if (grant.caller.kind === 'ingressGateway' || grant.caller.kind === 'kubernetesApi') {
    return [];
  }
  const { ports } = openedPorts(serviceKey(service.ref), service.ports, grant);
  const entered = operationsOf(grant).map((conditions) => ({ ...conditions, callers: [grant.caller] }));
  const under = grant.conditions === undefined ? {} : { under: grant.conditions };
  return ports
    .filter((port) => port.carriesRequests)
    .flatMap((port) => portPassages(service, port, entered))
    .map((sent) => ({ ...sent, ...under }));
}

function refused(
  intent: MeshIntent,
  service: ServiceIntent,
  { port, passage, under }: PortPassage,
  ingresses: readonly IngressIntent[],
): readonly Problem[] {
  const { conditions, path, route, to } = passage;
  if (route?.action.kind !== 'forward' || (to ?? route.action.rewritePath) === undefined) {
    return [];
  }
  const callee = intent.service(to ?? service.ref);
  const [there, ...others] = to === undefined ? [port] : portsFor(callee.ports, route.action.port);
  if (there === undefined || others.length > 0) {
    return [];
  }
  const sent: Conditions = {
    ...ANYTHING,
    methods: conditions.methods,
    ...(conditions.path === undefined ? {} : { path: conditions.path }),
  };
  const ingress = ingresses.find(({ routes }) => routes.includes(route));
  const name = `route \`${route.name}\` of ${ingress === undefined ? '' : 'the ingress '}\`${serviceKey(ingress ?? service.ref)}\``;
  const calleeName = serviceKey(callee.ref);
  return conditions.callers.flatMap((caller) => {
    const no = refusal(intent, callee, there, caller, under, sent);
    const orNarrow =
      to === undefined && caller.kind !== 'ingressGateway' ? ', or limit the route to other `callers`' : '';
    return no === undefined
      ? []
      : [
          {
            code: Code.ROUTE,
            message:
              to === undefined
                ? `${name} rewrites what ${describeRef(caller)} sends to \`${path?.value ?? ''}\` into \`${sent.path?.value ?? ''}\`, ${no.why}`
                : `${name} leads ${describeRef(caller)} to \`${calleeName}\`${sent.path === undefined ? '' : `, path \`${sent.path.value}\``}, ${no.why}`,
            fix: `${no.fix}${orNarrow}`,
          },
        ];
  });
}
