import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  AuthorizationPolicySpecRulesFromSource,
  AuthorizationPolicySpecRulesWhen,
} from '../../../imports/security.istio.io';
import { openedPorts } from '../../intent/access';
import type { Grant } from '../../intent/access';
import type { GrantConditions } from '../../intent/grant-conditions';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { PolicyOperation } from './policy-operation';
import { byNumber, narrowOperation, portNumbers } from './policy-operation';
import { addressSource, principal } from './policy-source';
import type { IstioSettings } from './settings';
import { requestPrincipals } from './tokens';

const UNCONDITIONAL: RuleConditions = {};

/** Spec of the policy that allows the granted calls to a service; without grants it refuses every call. */
export function authorizationPolicySpec(
  settings: IstioSettings,
  service: ServiceIntent,
  mesh: MeshIntent,
): AuthorizationPolicySpec {
  const grants = mesh.grantsTo(service.ref);
  return {
    selector: { matchLabels: { ...service.podLabels } },
    action: 'ALLOW',
    ...(grants.length === 0 ? {} : { rules: rules(settings, service, mesh, grants) }),
  };
}

function rules(
  settings: IstioSettings,
  service: ServiceIntent,
  mesh: MeshIntent,
  grants: readonly Grant[],
): AuthorizationPolicySpecRules[] {
  const byCaller = new Map<string, CallerGrants>();
  for (const grant of grants) {
    const caller = principal(settings, grant.caller, mesh) ?? '';
    const conditions = grant.conditions === undefined ? UNCONDITIONAL : ruleConditions(grant.conditions);
    // What holds under a condition must never be joined with what holds without.
    const key = conditions === UNCONDITIONAL ? caller : `${caller} ${JSON.stringify(conditions)}`;
    const theirs = byCaller.get(key) ?? { caller, conditions, grants: [] };
    theirs.grants.push(grant);
    byCaller.set(key, theirs);
  }
  const callersByRest = new Map<string, CallersRule>();
  const everything = [{ ports: portNumbers(service.ports) }];
  for (const { caller, conditions, grants: theirs } of byCaller.values()) {
    const allowed = theirs.some(opensEverything) ? everything : operations(service, theirs);
    const key = JSON.stringify([allowed, conditions]);
    const rule: CallersRule = callersByRest.get(key) ?? { callers: [], allowed, conditions };
    rule.callers.push(caller);
    callersByRest.set(key, rule);
  }
  return byText([...callersByRest.values()].flatMap(rulesOf));
}

/** What one caller may do under the same conditions. */
interface CallerGrants {
  /** The caller's principal; empty is everybody. */
  readonly caller: string;
  readonly conditions: RuleConditions;
  readonly grants: Grant[];
}

/** Callers who may do the same under the same conditions. */
interface CallersRule {
  readonly callers: string[];
  readonly allowed: readonly PolicyOperation[];
  readonly conditions: RuleConditions;
}

function rulesOf({ callers, allowed, conditions: { source, when } }: CallersRule): AuthorizationPolicySpecRules[] {
  const rest = { to: allowed.map((operation) => ({ operation })), ...(when === undefined ? {} : { when }) };
  const principals = callers.filter((caller) => caller !== '').sort(byCodeUnits);
  return [
    ...(principals.length > 0 ? [{ from: [{ source: { principals, ...source } }], ...rest }] : []),
    ...(callers.includes('') ? [source === undefined ? rest : { from: [{ source }], ...rest }] : []),
  ];
}

/** In an order that depends on nothing but what they say. */
function byText<T>(items: readonly T[]): T[] {
  if (items.length < 2) return [...items];
  return items
    .map((item) => ({ item, text: JSON.stringify(item) }))
    .sort((a, b) => byCodeUnits(a.text, b.text))
    .map(({ item }) => item);
}

/** The conditions of a grant as a rule has them, apart from who calls and what. */
interface RuleConditions {
  readonly source?: AuthorizationPolicySpecRulesFromSource;
  readonly when?: AuthorizationPolicySpecRulesWhen[];
}

function ruleConditions({ addresses, serverNames, claims, issuers }: GrantConditions): RuleConditions {
  const source = {
    ...(addresses === undefined ? {} : addressSource(addresses)),
    ...(issuers === undefined ? {} : { requestPrincipals: requestPrincipals(issuers) }),
  };
  const when = [
    ...(serverNames === undefined ? [] : [{ key: 'connection.sni', values: serverNames }]),
    ...(claims ?? []).map(({ names, values }) => ({
      key: `request.auth.claims${names.map((name) => `[${name}]`).join('')}`,
      values: values.length === 0 ? ['*'] : values,
    })),
  ];
  return { ...(Object.keys(source).length === 0 ? {} : { source }), ...(when.length === 0 ? {} : { when }) };
}

function opensEverything({ ports, operations: narrowed }: Grant): boolean {
  return ports === undefined && narrowed.length === 0;
}

/** Everything that one caller may do, without what a wider permission on the same port covers. */
function operations(service: ServiceIntent, grants: readonly Grant[]): readonly PolicyOperation[] {
  const opened = grants.map((grant) => openedPorts(serviceKey(service.ref), service.ports, grant));
  const whole = new Set(opened.filter((o) => o.operations.length === 0).flatMap((o) => portNumbers(o.ports)));
  const narrow = new Map<string, { operation: PolicyOperation; paths: Set<string> }>();
  for (const { ports, operations: allowed } of opened) {
    const numbers = portNumbers(ports).filter((port) => !whole.has(port));
    for (const operation of numbers.length > 0 ? allowed : []) {
      const narrowed = narrowOperation(numbers, operation);
      const key = JSON.stringify([numbers, narrowed.methods, narrowed.paths === undefined]);
      const known = narrow.get(key) ?? { operation: narrowed, paths: new Set<string>() };
      narrowed.paths?.forEach((path) => known.paths.add(path));
      narrow.set(key, known);
    }
  }
  return byText([
    ...(whole.size > 0 ? [{ ports: [...whole].sort(byNumber) }] : []),
    ...[...narrow.values()].map(({ operation, paths }) =>
      paths.size > 0 ? { ...operation, paths: [...paths].sort(byCodeUnits) } : operation,
    ),
  ]);
}
