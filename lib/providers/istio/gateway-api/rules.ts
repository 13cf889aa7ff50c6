import type {
  HttpRouteSpecRules,
  HttpRouteSpecRulesBackendRefs,
  HttpRouteSpecRulesFilters,
  HttpRouteSpecRulesFiltersRequestRedirect,
} from '../../../../imports/gateway.networking.k8s.io';
import type { ComposedRoute } from '../../../intent/composition';
import { composeRoutes } from '../../../intent/composition';
import type { Conditions } from '../../../intent/conditions';
import { ANYTHING, coversConditions, intersect } from '../../../intent/conditions';
import type { IngressIntent } from '../../../intent/ingress';
import { enteredAt, enteredTarget } from '../../../intent/ingress';
import type { MeshIntent } from '../../../intent/mesh';
import type { PathMatch } from '../../../intent/path-match';
import { PathMatchKind } from '../../../intent/path-match';
import type { HeaderChangesIntent, RouteActionIntent } from '../../../intent/route';
import { rewrittenPath } from '../../../intent/route';
import { atGateway } from '../routing';
import type { IstioSettings } from '../settings';
import { serviceTarget } from '../settings';

/** One condition with what becomes of requests for which it holds. */
export interface StandardRule {
  readonly conditions: Conditions;
  /** The rule of the mesh's own kind that it stands for. */
  readonly route: ComposedRoute;
  readonly fields: Omit<HttpRouteSpecRules, 'matches'>;
}

/** What becomes of requests at an ingress, in the order in which they are meant to be tried. */
export function composedRules(
  settings: IstioSettings,
  ingress: IngressIntent,
  mesh: MeshIntent,
): readonly StandardRule[] {
  const target = serviceTarget(settings, mesh.service(ingress.service));
  const routes = atGateway(composeRoutes(enteredTarget(target, ingress), ingress.port, enteredAt(ingress), mesh));
  return routes.flatMap((route) =>
    (route.conditions.length === 0 ? [ANYTHING] : route.conditions).map((conditions) => ({
      conditions,
      route,
      fields: fieldsOf(ingress, route, conditions),
    })),
  );
}

/** The same without the rules that say nothing new where there are no retries. */
export function standardRules(rules: readonly StandardRule[]): readonly StandardRule[] {
  return rules.filter((rule, index) => !saysNothing(rule, rules.slice(index + 1)));
}

/** Whether a later rule treats all of its requests the same, and none between them takes some. */
function saysNothing(rule: StandardRule, later: readonly StandardRule[]): boolean {
  const fields = JSON.stringify(rule.fields);
  const meeting = later.filter((other) => intersect(rule.conditions, other.conditions)?.length !== 0);
  const different = meeting.findIndex((other) => JSON.stringify(other.fields) !== fields);
  const same = meeting.slice(0, different === -1 ? meeting.length : different);
  return same.some((other) => coversConditions(other.conditions, rule.conditions));
}

function fieldsOf(
  ingress: IngressIntent,
  { rule, matched, to, port, timeoutMillis, destinations }: ComposedRoute,
  conditions: Conditions,
): StandardRule['fields'] {
  const filters = [
    ...(rule === undefined ? [] : actionFilters(rule.action, matched, conditions.path)),
    ...headerFilter('RequestHeaderModifier', 'requestHeaderModifier', rule?.requestHeaders),
    ...headerFilter('ResponseHeaderModifier', 'responseHeaderModifier', rule?.responseHeaders),
  ];
  return {
    ...(filters.length > 0 ? { filters } : {}),
    ...(destinations.length === 0 ? {} : { backendRefs: [backend(ingress, to ?? ingress.service, port.servicePort)] }),
    ...(timeoutMillis === undefined ? {} : { timeouts: { request: standardDuration(timeoutMillis) } }),
  };
}

/** A Service as a backend; of another namespace only where its owner lets it be, which is refused before. */
export function backend(
  { namespace }: IngressIntent,
  service: { readonly namespace: string; readonly name: string },
  port: number,
): HttpRouteSpecRulesBackendRefs {
  return {
    name: service.name,
    ...(service.namespace === namespace ? {} : { namespace: service.namespace }),
    port,
  };
}

function actionFilters(
  action: RouteActionIntent,
  matched: PathMatch | undefined,
  path: PathMatch | undefined,
): readonly HttpRouteSpecRulesFilters[] {
  if (action.kind === 'redirect') {
    const requestRedirect = {
      ...(action.scheme === undefined ? {} : { scheme: action.scheme }),
      ...(action.host === undefined ? {} : { hostname: action.host }),
      ...(action.port === undefined ? {} : { port: action.port }),
      ...(action.path === undefined ? {} : { path: { type: 'ReplaceFullPath', replaceFullPath: action.path } }),
      statusCode: action.status,
    } as HttpRouteSpecRulesFiltersRequestRedirect;
    return [{ type: 'RequestRedirect', requestRedirect }];
  }
  if (action.kind !== 'forward') {
    return [];
  }
  const { rewritePath, rewriteHost } = action;
  const urlRewrite = {
    ...(rewriteHost === undefined ? {} : { hostname: rewriteHost }),
    ...(rewritePath === undefined || matched === undefined || path === undefined
      ? {}
      : { path: pathRewrite(matched, rewritePath, path) }),
  };
  return Object.keys(urlRewrite).length === 0 ? [] : [{ type: 'URLRewrite', urlRewrite }];
}

function pathRewrite(matched: PathMatch, rewritePath: string, path: PathMatch) {
  const becomes = rewrittenPath(matched, rewritePath, path.value);
  return path.kind === PathMatchKind.PREFIX
    ? ({ type: 'ReplacePrefixMatch', replacePrefixMatch: becomes } as const)
    : ({ type: 'ReplaceFullPath', replaceFullPath: becomes } as const);
}

function headerFilter(
  type: 'RequestHeaderModifier' | 'ResponseHeaderModifier',
  field: 'requestHeaderModifier' | 'responseHeaderModifier',
  changes: HeaderChangesIntent | undefined,
): readonly HttpRouteSpecRulesFilters[] {
  const listed = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => ({ name, value }));
  const { set = {}, add = {}, remove = [] } = changes ?? {};
  const said = {
    ...(Object.keys(set).length > 0 ? { set: listed(set) } : {}),
    ...(Object.keys(add).length > 0 ? { add: listed(add) } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
  return Object.keys(said).length === 0 ? [] : [{ type, [field]: said }];
}

/** A duration as Gateway API writes it (GEP-2257): whole numbers with at most five digits for each unit. */
export function standardDuration(millis: number): string {
  const [hours, minutes] = [Math.floor(millis / 3_600_000), Math.floor((millis % 3_600_000) / 60_000)];
  const [seconds, rest] = [Math.floor((millis % 60_000) / 1000), millis % 1000];
  if (millis < 60_000_000 && rest === 0) {
    return `${millis / 1000}s`;
  }
  return [
    [hours, 'h'],
    [minutes, 'm'],
    [seconds, 's'],
    [rest, 'ms'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join('');
}
