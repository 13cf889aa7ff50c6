import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  AuthorizationPolicySpecRulesFromSource,
  AuthorizationPolicySpecRulesWhen,
} from '../../../imports/security.istio.io';
import { openedPorts } from '../../intent/access';
import type { Grant } from '../../intent/access';
import type { AddressCondition, GrantConditions } from '../../intent/grant-conditions';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { Operation } from '../../intent/operation';
import type { CallerRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import { policyPaths } from './format';
import type { IstioSettings } from './settings';

/** An `operation` of an AuthorizationPolicy rule. */
interface PolicyOperation {
  readonly ports: readonly string[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

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

/** Who a caller is to the callee's proxy; undefined is a caller without an identity of the mesh. */
export function principal(settings: IstioSettings, caller: CallerRef, mesh: MeshIntent): string | undefined {
  const identity = (namespace: string, serviceAccount: string, trustDomain = settings.trustDomain) =>
    `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  switch (caller.kind) {
    case 'service':
      return identity(caller.namespace, mesh.service(caller).serviceAccount);
    case 'serviceAccount':
      return identity(caller.namespace, caller.serviceAccount, caller.foreign?.trustDomain);
    case 'namespace':
      return identity(caller.namespace, '*');
    case 'ingressGateway':
      return settings.ingressGateway === undefined
        ? undefined
        : identity(settings.ingressGateway.namespace, settings.ingressGateway.serviceAccount);
    case 'kubernetesApi':
      return undefined;
  }
}

function rules(
  settings: IstioSettings,
  service: ServiceIntent,
  mesh: MeshIntent,
  grants: readonly Grant[],
): AuthorizationPolicySpecRules[] {
  const byCaller = new Map<string, Grant[]>();
  for (const grant of grants) {
    const name = principal(settings, grant.caller, mesh) ?? '';
    // What holds under a condition must never be joined with what holds without.
    const key = JSON.stringify([name, ruleConditions(grant.conditions)]);
    byCaller.set(key, [...(byCaller.get(key) ?? []), grant]);
  }
  const callersByRest = new Map<string, string[]>();
  for (const [key, theirs] of byCaller) {
    const [caller, conditions] = JSON.parse(key) as [string, RuleConditions];
    const rest = JSON.stringify([operations(service, theirs), conditions]);
    callersByRest.set(rest, [...(callersByRest.get(rest) ?? []), caller]);
  }
  return [...callersByRest]
    .flatMap(([key, callers]) => {
      const [allowed, { source, when }] = JSON.parse(key) as [PolicyOperation[], RuleConditions];
      const rest = {
        to: allowed.map((operation) => ({ operation })),
        ...(when === undefined ? {} : { when }),
      };
      const principals = callers.filter((caller) => caller !== '').sort(byCodeUnits);
      return [
        ...(principals.length > 0 ? [{ from: [{ source: { principals, ...source } }], ...rest }] : []),
        ...(callers.includes('') ? [source === undefined ? rest : { from: [{ source }], ...rest }] : []),
      ];
    })
    .sort((a, b) => byCodeUnits(JSON.stringify(a), JSON.stringify(b)));
}

/** The conditions of a grant as a rule has them, apart from who calls and what. */
interface RuleConditions {
  readonly source?: AuthorizationPolicySpecRulesFromSource;
  readonly when?: AuthorizationPolicySpecRulesWhen[];
}

function ruleConditions({ addresses, serverNames }: GrantConditions = {}): RuleConditions {
  return {
    ...(addresses === undefined ? {} : { source: addressSource(addresses) }),
    ...(serverNames === undefined ? {} : { when: [{ key: 'connection.sni', values: serverNames }] }),
  };
}

/** Addresses as a source of a rule: of the peer of the connection, or of the client in `X-Forwarded-For`. */
export function addressSource({ of, cidrs }: AddressCondition): AuthorizationPolicySpecRulesFromSource {
  return of === 'peer' ? { ipBlocks: cidrs } : { remoteIpBlocks: cidrs };
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
  return [
    ...(whole.size > 0 ? [{ ports: [...whole].sort(byNumber) }] : []),
    ...[...narrow.values()].map(({ operation, paths }) =>
      paths.size > 0 ? { ...operation, paths: [...paths].sort(byCodeUnits) } : operation,
    ),
  ].sort((a, b) => byCodeUnits(JSON.stringify(a), JSON.stringify(b)));
}

function narrowOperation(ports: readonly string[], { methods, paths }: Operation): PolicyOperation {
  return {
    ports,
    ...(methods.length > 0 ? { methods: [...methods].sort(byCodeUnits) } : {}),
    ...(paths.length > 0 ? { paths: paths.flatMap(policyPaths) } : {}),
  };
}

function portNumbers(ports: readonly Port[]): string[] {
  return [...new Set(ports.map((port) => String(port.containerPort)))].sort(byNumber);
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}
