import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  AuthorizationPolicySpecRulesFromSource,
} from '../../../imports/security.istio.io';
import type { Scope } from '../../intent/access';
import { scopedPorts } from '../../intent/access';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { Denial, DeniedCallers } from '../../intent/restriction';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { PolicyOperation } from './policy-operation';
import { deniedOperation, narrowOperation, portNumbers } from './policy-operation';
import { addressSource, principal } from './policy-source';
import type { IstioSettings } from './settings';

/** Spec of the policy that refuses calls to a service, whatever its grants allow. */
export function denialSpec(settings: IstioSettings, service: ServiceIntent, mesh: MeshIntent): AuthorizationPolicySpec {
  const rules = service.restrictions.denials.map((denial) => denialRule(settings, service, denial, mesh));
  return { ...selected(service), action: 'DENY', rules: distinctRules(rules) };
}

/** Spec of the policy by which a provider decides about requests. */
export function checkSpec(service: ServiceIntent): AuthorizationPolicySpec {
  const { checks } = service.restrictions;
  const [name] = checks.map(({ provider }) => provider);
  const rules = checks.map((check) => scopeRule(service, check));
  return {
    ...selected(service),
    action: 'CUSTOM',
    ...(name === undefined ? {} : { provider: { name } }),
    rules: distinctRules(rules),
  };
}

/** Spec of the policy that marks requests for whoever keeps records. */
export function auditSpec(service: ServiceIntent): AuthorizationPolicySpec {
  const rules = service.restrictions.audits.map((audit) => scopeRule(service, audit));
  return { ...selected(service), action: 'AUDIT', rules: distinctRules(rules) };
}

/** Spec of the policy that lets everybody in while the others only rehearse: those, not enforced, would leave the default deny. */
export function admitEverybodySpec(service: ServiceIntent): AuthorizationPolicySpec {
  return { ...selected(service), action: 'ALLOW', rules: [{}] };
}

/** The part of a policy that selects the pods of a service. */
export function selected(service: ServiceIntent): Pick<AuthorizationPolicySpec, 'selector'> {
  return { selector: { matchLabels: { ...service.podLabels } } };
}

/** Rules in a fixed order, each once. */
export function distinctRules(rules: readonly AuthorizationPolicySpecRules[]): AuthorizationPolicySpecRules[] {
  const byText = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return [...byText].sort(([a], [b]) => byCodeUnits(a, b)).map(([, rule]) => rule);
}

function denialRule(
  settings: IstioSettings,
  service: ServiceIntent,
  denial: Denial,
  mesh: MeshIntent,
): AuthorizationPolicySpecRules {
  const source = {
    ...deniedSource(settings, denial.callers, mesh),
    ...(denial.addresses === undefined ? {} : addressSource(denial.addresses)),
  };
  const everything = denial.ports === undefined && denial.operations.length === 0;
  return {
    ...(Object.keys(source).length === 0 ? {} : { from: [{ source }] }),
    // Without operations, ports that nobody declared are meant, too.
    ...(everything ? {} : scopeRule(service, denial, deniedOperation)),
  };
}

function deniedSource(
  settings: IstioSettings,
  callers: DeniedCallers,
  mesh: MeshIntent,
): AuthorizationPolicySpecRulesFromSource {
  switch (callers.kind) {
    case 'everybody':
      return {};
    case 'peer':
      return { principals: [principal(settings, callers.peer, mesh) ?? ''] };
    case 'allBut':
      return {
        notPrincipals: callers.peers.map((peer) => principal(settings, peer, mesh) ?? '').sort(byCodeUnits),
      };
  }
}

function scopeRule(
  service: ServiceIntent,
  scope: Scope,
  write: typeof narrowOperation = narrowOperation,
): AuthorizationPolicySpecRules {
  const { ports, operations } = scopedPorts(() => 'a policy', serviceKey(service.ref), service.ports, scope);
  const numbers = portNumbers(ports);
  const written: PolicyOperation[] =
    operations.length === 0 ? [{ ports: numbers }] : operations.map((operation) => write(numbers, operation));
  return { to: written.map((operation) => ({ operation })) };
}
