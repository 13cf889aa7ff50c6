import { Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { OriginatedTls } from '../intent/egress';
import { gatewayName } from '../intent/egress';
import type { ExternalEnforcement } from '../intent/enforcement';
import { enforcementOf } from '../intent/enforcement';
import type { ExternalIntent, Resolution } from '../intent/external';
import { requireDnsLabel } from '../intent/names';
import type { Port } from '../intent/port';
import { distinctPorts } from '../intent/port';
import type { ResilienceLevel } from '../intent/resilience';
import { mergeResilience } from '../intent/resilience';
import { requireConsistent } from '../intent/resilience-checks';
import { serviceKey } from '../intent/service';
import type { ResilienceOptions } from '../options/resilience';
import { resilienceLevel } from '../options/resilience';
import { InboundAccess } from './access';
import type { EgressGateway } from './egress-gateway';
import { emit } from './emit';
import { Mesh } from './mesh';

/** What external hosts and external services have in common. */
export interface ExternalDeclaration {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly host: string;
  readonly resolution: Resolution;
  readonly ports: readonly Port[];
  readonly resilience: ResilienceOptions;
  readonly tls?: OriginatedTls | undefined;
  readonly through?: EgressGateway | undefined;
}

/** Registers something outside the mesh, emits its objects, and gives access to it. */
export function declareExternal(construct: Construct, declaration: ExternalDeclaration): InboundAccess {
  const mesh = Mesh.of(construct);
  const { host, resolution } = declaration;
  const namespace = declaration.namespace ?? Chart.of(construct).namespace;
  if (namespace === undefined) {
    throw new MeshError(
      Code.NAMESPACE_UNDECLARED,
      `\`${construct.node.path}\` has no \`namespace\`, and neither has its chart`,
      'give it a `namespace`',
    );
  }
  if (declaration.ports.length === 0) {
    throw new MeshError(Code.EXTERNAL_HOST, `\`${host}\` has no ports`, 'give the `ports` on which it is called');
  }
  const ports = distinctPorts(host, declaration.ports);
  const said = resilienceLevel(declaration.resilience);
  if (resolution.kind !== 'dns' && resolution.kind !== 'static') {
    requireUnbalanced(host, said);
  }
  requireUnlimited(host, said);
  const inNamespace = mesh._registry.namespaces.get(namespace)?.resilience ?? {};
  const resilience = mergeResilience(mesh._provider.resilience, inNamespace, said);
  requireConsistent(`\`${host}\``, ports, said, resilience);
  requireBudgeted(host, said);
  const intent: ExternalIntent = {
    namespace: requireDnsLabel('namespace', namespace),
    name: declaration.name,
    host,
    resolution,
    ports,
    resilience,
    ...(declaration.tls === undefined ? {} : { tls: declaration.tls }),
    ...(declaration.through === undefined ? {} : { through: declaration.through._gateway }),
  };
  requireAlone(mesh, construct, intent);
  mesh._require({ kind: 'external', external: intent });
  declaration.through?._lead(mesh);
  mesh._registry.externals.set(serviceKey(intent), { construct, intent, said });
  mesh._provider.externalObjects(intent).forEach((plan) => emit(construct, mesh, plan));
  return InboundAccess._of({
    construct,
    ref: { kind: 'external', namespace: intent.namespace, name: intent.name },
    name: host,
    ports: intent.ports,
    locked: true,
    narrows: intent.through !== undefined,
    // Only services can be allowed to call what is outside.
    openToKubernetesApi: () => undefined,
    restrict: () => undefined,
  });
}

/** What still holds, below the proxies, for those who may call something outside. */
export function externalEnforcement(construct: Construct): ExternalEnforcement {
  const mesh = Mesh.of(construct);
  const entry = [...mesh._registry.externals.values()].find((external) => external.construct === construct);
  if (entry === undefined) {
    throw new Error(`${construct.node.path} was never declared`);
  }
  const { namespace, name } = entry.intent;
  return enforcementOf(mesh._currentIntent(), { kind: 'external', namespace, name });
}

/** Where the request or its caller chooses the address, there is nothing to balance. */
function requireUnbalanced(host: string, said: ResilienceLevel): void {
  const unused = (['loadBalancing', 'locality'] as const).filter((key) => said[key] !== undefined);
  if (unused.length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `${quoted(unused)} of \`${host}\` can do nothing, since the address is chosen by the request or its caller`,
      'leave it out',
    );
  }
}

/** Some limits are kept by the proxies of those who are called. */
function requireUnlimited(host: string, said: ResilienceLevel): void {
  const unused = (['rateLimit', 'streamIdleTimeout'] as const).filter((key) => said[key] !== undefined);
  if (unused.length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `${quoted(unused)} of \`${host}\` can do nothing, since there is no proxy of the mesh in its pods`,
      'leave it out; `connectionPool` limits what is sent there',
    );
  }
}

/** Refuses a second declaration of the same host in the same namespace, where it would have two owners. */
function requireAlone(mesh: Mesh, construct: Construct, intent: ExternalIntent): void {
  for (const other of mesh._registry.externals.values()) {
    if (other.intent.host !== intent.host && serviceKey(other.intent) === serviceKey(intent)) {
      throw new MeshError(
        Code.EXTERNAL_HOST,
        `the objects of \`${intent.host}\` (\`${construct.node.path}\`) and of \`${other.intent.host}\` (\`${other.construct.node.path}\`) have one name \`${intent.name}\``,
        'give one of them a `name`',
      );
    }
    if (other.intent.namespace === intent.namespace && other.intent.host === intent.host) {
      throw new MeshError(
        Code.EXTERNAL_HOST,
        `\`${intent.host}\` is declared at \`${other.construct.node.path}\` and again at \`${construct.node.path}\``,
        'declare it once, with all of its `ports`, and allow every caller to call that',
      );
    }
    requireTold(construct, intent, other);
  }
}

/** Refuses hosts that one gateway could not tell apart. */
function requireTold(
  construct: Construct,
  { host, through, ...intent }: ExternalIntent,
  other: { readonly construct: IConstruct; readonly intent: ExternalIntent },
): void {
  const gateway = other.intent.through;
  if (through === undefined || gateway === undefined || through.namespace !== gateway.namespace) {
    return;
  }
  if (other.intent.host === host) {
    throw new MeshError(
      Code.EGRESS_GATEWAY,
      `\`${host}\` is led through the gateway \`${serviceKey(through)}\` at \`${other.construct.node.path}\` and again at \`${construct.node.path}\``,
      'declare it once, and allow callers of every namespace to call that',
    );
  }
  if (gatewayName(other.intent) === gatewayName(intent)) {
    throw new MeshError(
      Code.EGRESS_GATEWAY,
      `\`${host}\` and \`${other.intent.host}\` have one name \`${gatewayName(intent)}\` at the gateway \`${serviceKey(through)}\``,
      'give one of them another `name`',
    );
  }
}

/** Refuses a retry budget where nothing is repeated: a host outside has no routes that could repeat something. */
function requireBudgeted(host: string, { retries, retryBudget }: ResilienceLevel): void {
  if (retries === 'off' && retryBudget !== undefined && retryBudget !== 'off') {
    throw new MeshError(
      Code.RESILIENCE,
      `\`retryBudget\` of \`${host}\` limits nothing, since \`retries\` are off there`,
      'leave `retryBudget` out, or let something be repeated',
    );
  }
}
