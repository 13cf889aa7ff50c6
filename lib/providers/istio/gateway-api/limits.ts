import { quoted } from '../../../errors';
import type { EntranceIntent } from '../../../intent/entrance';
import { TlsVersion, redirectsHttp } from '../../../intent/entrance';
import type { ComposedRoute } from '../../../intent/composition';
import { intersect } from '../../../intent/conditions';
import type { IngressIntent } from '../../../intent/ingress';
import { carriesConnections } from '../../../intent/ingress';
import type { MeshIntent } from '../../../intent/mesh';
import { PathMatchKind } from '../../../intent/path-match';
import { serviceKey } from '../../../intent/service';
import type { Unsupported } from '../../provider';
import type { IstioSettings } from '../settings';
import { serviceTarget } from '../settings';
import { subsetOf } from '../subsets';

import { newerThan } from '../version';
import { METHODS, precedence } from './matches';
import type { Entry } from './retries';
import { OTHER_API, retryLimits } from './retries';
import { merged } from './routes';
import type { StandardRule } from './rules';
import { composedRules, standardRules } from './rules';

/** What a standard Gateway cannot say of an entrance. */
export function standardEntranceLimits({ version }: IstioSettings, entrance: EntranceIntent): readonly Unsupported[] {
  const { name, hosts, tls, connections } = entrance;
  const where = `of the standard Gateway \`${entrance.namespace}/${name}\``;
  const limit = (wrong: boolean, feature: string, reason: string, instead = OTHER_API): readonly Unsupported[] =>
    wrong ? [{ feature: `${feature} ${where}`, reason, instead }] : [];
  return [
    ...limit(connections, 'a port for connections', 'a TCPRoute is not in the standard channel of Gateway API'),
    ...limit(
      tls.kind === 'terminated' && tls.minVersion !== TlsVersion.TLS_1_2,
      '`minVersion`',
      'Gateway API has no field for it, and the gateway takes TLS 1.2',
    ),
    ...limit(
      hosts.length * (redirectsHttp(entrance, true) ? 2 : 1) > 64 || hosts.length > 16,
      `${hosts.length} hosts`,
      'a route takes 16 hosts at most, and a Gateway 64 listeners',
      'divide the hosts among several `IngressHost`s',
    ),
    ...limit(
      name.length > 57,
      `the name \`${name}\``,
      'the Service of its pods is called after it, with `-istio`, and may have 63 characters',
      'give it a shorter `name`',
    ),
    ...(tls.kind === 'passthrough'
      ? newerThan(version, 'Gateway API `TLSRoute` at `v1`', `\`${entrance.namespace}/${name}\``, OTHER_API)
      : []),
  ];
}

/** What a standard route cannot say of an ingress. */
export function standardIngressLimits(
  settings: IstioSettings,
  ingress: IngressIntent,
  mesh: MeshIntent,
): readonly Unsupported[] {
  const service = mesh.service(ingress.service);
  const where = `\`${serviceKey(service.ref)}\` at the standard route \`${ingress.namespace}/${ingress.name}\``;
  const entry = (feature: string, reason: string, instead = OTHER_API): Unsupported => ({
    feature: `${feature} of ${where}`,
    reason,
    instead,
  });
  if (service.delivery !== undefined || service.release !== undefined) {
    return [entry('the versions', 'a route leads to a Service, which has the pods of all versions')];
  }
  if (carriesConnections(ingress)) {
    return service.connections.length === 0
      ? []
      : [entry('routes for connections', 'a TLSRoute leads all connections of a server name to one Service')];
  }
  const composed = composedRules(settings, ingress, mesh);
  const rules = standardRules(composed);
  const target = serviceTarget(settings, service);
  const routes = [...new Set(rules.map(({ route }) => route))];
  return [
    ...routes.flatMap((route) => routeLimits(ingress, route, entry)),
    ...rules.flatMap((rule) => ruleLimits(rule, entry)),
    ...(subsetOf(target, ingress.port, { version: undefined, caller: undefined }) === undefined
      ? []
      : [entry('protections of a port', 'a route leads to a Service, not to a part of its protections')]),
    ...orderLimits(rules, entry),
    ...sizeLimits(rules, entry),
    ...retryLimits(ingress, composed, entry),
  ];
}

function routeLimits(
  ingress: IngressIntent,
  { rule, to, mirror }: ComposedRoute,
  entry: Entry,
): readonly Unsupported[] {
  const name = `route \`${rule?.name ?? ''}\``;
  const changes = [rule?.requestHeaders, rule?.responseHeaders].flatMap((each) =>
    each === undefined ? [] : Object.values({ ...each.set, ...each.add }),
  );
  return [
    ...(rule?.action.kind === 'respond'
      ? [entry(`an answer by ${name}`, 'Gateway API has no answers of a gateway')]
      : []),
    ...(rule?.fault === undefined ? [] : [entry(`a fault in ${name}`, 'Gateway API has no faults')]),
    ...(rule?.cors === undefined
      ? []
      : [entry(`\`cors\` of ${name}`, 'not every version of istiod reads it from a route')]),
    ...(changes.some((value) => value.includes('%'))
      ? [
          entry(
            `a header with \`%\` in ${name}`,
            'the gateway would read what stands between percent signs as a command',
          ),
        ]
      : []),
    ...(mirror === undefined ? [] : [entry('copies', 'the mesh cannot tell its standard route how many to make')]),
    ...(to === undefined || to.namespace === ingress.namespace
      ? []
      : [
          entry(
            `${name} to \`${serviceKey(to)}\``,
            'a route leads into another namespace only where its owner has a ReferenceGrant',
          ),
        ]),
  ];
}

function ruleLimits({ conditions, fields }: StandardRule, entry: Entry): readonly Unsupported[] {
  const unknown = conditions.methods.filter((method) => !METHODS.some((known) => known === method));
  const pattern = conditions.path?.kind === PathMatchKind.TEMPLATE || conditions.path?.kind === PathMatchKind.REGEX;
  const rewrites = fields.filters?.some(({ urlRewrite }) => urlRewrite?.path !== undefined) ?? false;
  return [
    ...(conditions.claims ?? []).map(({ names }) =>
      entry(
        `claim \`${names.join('.')}\``,
        'a match of Gateway API has headers, and no name of a header stands for a claim',
      ),
    ),
    ...(unknown.length === 0 ? [] : [entry(`method ${quoted(unknown)}`, 'a route of Gateway API does not know it')]),
    ...(pattern && rewrites
      ? [
          entry(
            `a rewrite of \`${conditions.path?.value ?? ''}\``,
            'Gateway API replaces whole paths and prefixes only',
          ),
        ]
      : []),
  ];
}

/** Requests that a standard route would give to another rule: it goes by its own precedence, not by the order of rules. */
function orderLimits(rules: readonly StandardRule[], entry: Entry): readonly Unsupported[] {
  for (const [index, later] of rules.entries()) {
    const earlier = rules
      .slice(0, index)
      .filter(({ fields }) => JSON.stringify(fields) !== JSON.stringify(later.fields))
      .filter(({ conditions }) => intersect(conditions, later.conditions)?.length !== 0)
      .find(({ conditions }) => !comesFirst(precedence(conditions), precedence(later.conditions)));
    if (earlier !== undefined) {
      const names = [earlier, later].map(({ route }) => route.rule?.name ?? 'everything else');
      return [
        entry(
          `the order of ${quoted(names)}`,
          'Gateway API tries longer paths, then matches with a method, then those with more headers, and leaves patterns to each mesh',
          `narrow the matches so that they do not meet, or ${OTHER_API}`,
        ),
      ];
    }
  }
  return [];
}

function comesFirst(first: readonly number[] | undefined, second: readonly number[] | undefined): boolean {
  if (first === undefined || second === undefined) {
    return false;
  }
  const difference = first.map((rank, index) => rank - (second[index] ?? 0)).find((each) => each !== 0) ?? 0;
  return difference >= 0;
}

function sizeLimits(rules: readonly StandardRule[], entry: Entry): readonly Unsupported[] {
  const all = merged(rules);
  const matches = all.map((rule) => rule.matches?.length ?? 0);
  return all.length <= 16 && matches.every((count) => count <= 64) && matches.reduce((a, b) => a + b, 0) <= 128
    ? []
    : [
        entry(
          `${all.length} rules`,
          'a route has 16 rules and 128 matches at most',
          'divide the paths among several `IngressRoute`s',
        ),
      ];
}
