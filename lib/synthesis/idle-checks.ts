import type { Problem } from '../errors';
import { Code } from '../errors';
import { intersect } from '../intent/conditions';
import { identity, sharesIdentity } from '../intent/identity';
import { enteredTarget } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { CallerRef } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { ResilienceLevel } from '../intent/resilience';
import type { RouteIntent } from '../intent/route';
import { orderedRules } from '../intent/route-order';
import { describeScope } from '../intent/scope';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { Registry } from './registry';

/** What was said and takes no effect, whatever else there is. */
export function idleProblems(intent: MeshIntent, registry: Registry): readonly Problem[] {
  return intent
    .allServices()
    .flatMap((service) => {
      const own = registry.services.get(serviceKey(service.ref))?.levels.at(-1)?.said ?? {};
      return [...idleBudgets(service, own), ...idleRoutes(service), ...strangers(intent, service)];
    })
    .concat(
      registry.ingresses
        .filter(({ intent: { routes } }) => routes.length > 0)
        .flatMap(({ intent: ingress }) =>
          idleRoutes(enteredTarget(intent.service(ingress.service), ingress), ingress.routes),
        ),
    );
}

/** Retry budgets where nothing is ever repeated. */
function idleBudgets({ ref, routes, scoped = [] }: ServiceIntent, own: ResilienceLevel): readonly Problem[] {
  const key = serviceKey(ref);
  const repeats = ({ retries }: ResilienceLevel) => retries !== undefined && retries !== 'off';
  if (routes.some(({ resilience }) => repeats(resilience)) || scoped.some(({ said }) => repeats(said))) {
    return [];
  }
  return [
    { where: `\`${key}\``, said: own },
    ...scoped.map(({ scope, said }) => ({ where: `\`${key}\` for ${describeScope(scope)}`, said })),
  ]
    .filter(({ said: { retries, retryBudget } }) => retries === 'off' && (retryBudget ?? 'off') !== 'off')
    .map(({ where }) => ({
      code: Code.RESILIENCE,
      message: `\`retryBudget\` of ${where} limits nothing, since \`retries\` are off there`,
      fix: 'leave `retryBudget` out, or let something be repeated',
    }));
}

/** Routes that treat their requests as those are treated anyway, and that take them from no other route. */
function idleRoutes({ ref, ports, routes }: ServiceIntent, asked = routes): readonly Problem[] {
  const unchanging = asked.filter(changesNothing);
  const able = unchanging.length === 0 ? [] : ports.filter((port) => port.carriesRequests);
  const excepting = new Set(
    able.flatMap((port) => {
      const rules = orderedRules(routes, port);
      return rules.flatMap(({ route, conditions }, index) =>
        route !== undefined &&
        rules
          .slice(index + 1)
          .some(
            (later) =>
              later.route !== undefined &&
              !changesNothing(later.route) &&
              intersect(conditions, later.conditions)?.length !== 0,
          )
          ? [route]
          : [],
      );
    }),
  );
  return unchanging
    .filter((route) => !excepting.has(route))
    .map(({ name }) => ({
      code: Code.ROUTE,
      message: `route \`${name}\` of \`${serviceKey(ref)}\` changes nothing, and takes no requests from another route`,
      fix: 'give it an `action`, `timeout`, `retries` or something else that it says, or remove it',
    }));
}

function changesNothing({ action, requestHeaders, responseHeaders, cors, fault, resilience }: RouteIntent): boolean {
  const kept = [requestHeaders, responseHeaders].every(
    ({ set, add, remove }) => [...Object.keys(set), ...Object.keys(add), ...remove].length === 0,
  );
  return (
    action.kind === 'forward' &&
    (action.to ?? action.rewritePath ?? action.rewriteHost ?? cors ?? fault) === undefined &&
    kept &&
    Object.keys(resilience).length === 0
  );
}

/** Callers that have a treatment of their own, and whose calls are refused. */
function strangers(intent: MeshIntent, service: ServiceIntent): readonly Problem[] {
  const { ref, locked, dryRun, routes, scoped = [], release } = service;
  const divides = routes.length > 0 || scoped.length > 0 || release !== undefined;
  if (!divides || !locked || dryRun !== undefined) {
    return [];
  }
  const key = serviceKey(ref);
  const named: readonly { readonly what: string; readonly code: Code; readonly callers: readonly CallerRef[] }[] = [
    ...routes.map(({ name, matches }) => ({
      what: `route \`${name}\` of \`${key}\``,
      code: Code.ROUTE,
      callers: matches.flatMap(({ _conditions }) => _conditions.callers),
    })),
    ...scoped.map(({ scope: { callers } }) => ({
      what: `\`addResilience\` of \`${key}\``,
      code: Code.RESILIENCE,
      callers,
    })),
    ...(release?.candidates ?? []).map(({ version, when }) => ({
      what: `candidate \`${version}\` of \`${key}\``,
      code: Code.RELEASE,
      callers: when.flatMap(({ _conditions }) => _conditions.callers),
    })),
  ].filter(({ callers }) => callers.length > 0);
  const known = named.length === 0 ? [] : intent.grantsTo(ref).map(({ caller }) => identity(intent, caller));
  return named.flatMap(({ what, code, callers }) =>
    callers
      .filter((caller) => !known.some((other) => sharesIdentity(other, identity(intent, caller))))
      .map((caller) => ({
        code,
        message: `${what} is for calls of ${describeRef(caller)}, which may not call \`${key}\``,
        fix: `add the missing grant, \`access.allowFrom\` of \`${key}\` for ${describeRef(caller)}, or name other \`callers\``,
      })),
  );
}
