import { Code, MeshError } from '../errors';
import type { GrantConditions } from './grant-conditions';
import { requirePossible } from './grant-conditions';
import { byCodeUnits } from './names';
import type { Operation } from './operation';
import type { CalleeRef, CallerRef } from './peer';
import { describeRef, refKey } from './peer';
import type { Port } from './port';
import { Protocol, selectPorts } from './port';

/** Some of what can be done at a callee. */
export interface Scope {
  /** Names of the callee's ports; undefined means all. */
  readonly ports?: readonly string[];
  /** What is done, any of which; none means everything. */
  readonly operations: readonly Operation[];
}

/** Who may call whom, on which ports, doing what. */
export interface Grant extends Scope {
  readonly caller: CallerRef;
  readonly callee: CalleeRef;
  /** What must hold besides. */
  readonly conditions?: GrantConditions;
  /** The last day on which it holds. */
  readonly until?: string;
}

/** The part of a scope that concerns the callee's ports, resolved. */
export interface OpenedPorts {
  readonly ports: readonly Port[];
  readonly operations: readonly Operation[];
}

/** The ports that a grant opens; refuses ports that the callee lacks and operations that a port cannot carry. */
export function openedPorts(callee: string, ports: readonly Port[], grant: Omit<Grant, 'callee'>): OpenedPorts {
  const what = () => `a grant to ${describeRef(grant.caller)}`;
  const opened = scopedPorts(what, callee, ports, grant);
  if (grant.conditions !== undefined) requirePossible(what(), callee, opened.ports, grant.caller, grant.conditions);
  return opened;
}

/** The ports of a scope; refuses ports that the callee lacks and operations that a port cannot carry. */
export function scopedPorts(what: () => string, callee: string, ports: readonly Port[], scope: Scope): OpenedPorts {
  if (ports.length === 0) {
    throw new MeshError(
      Code.GRANT,
      `\`${callee}\` has no ports, so nobody can call it`,
      'declare its `ports`, or remove it',
    );
  }
  const opened = selectPorts(callee, ports, scope.ports);
  if (opened.length === 0) {
    throw new MeshError(
      Code.GRANT,
      `${what()} names no port of \`${callee}\``,
      'leave `ports` out to mean all of them',
    );
  }
  const shared = ports.find(
    (port) => !opened.includes(port) && opened.some((o) => o.containerPort === port.containerPort),
  );
  if (shared !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `${what()} leaves out port \`${shared.name}\` of \`${callee}\`, which has the container port \`${shared.containerPort}\` in common with one that it names`,
      'name both ports, or give each a `containerPort` of its own',
    );
  }
  for (const port of scope.operations.length > 0 ? opened : []) {
    if (!port.carriesRequests) {
      throw new MeshError(
        Code.OPERATION_ON_TCP,
        `port \`${port.name}\` of \`${callee}\` is \`${port.protocol}\`, where the mesh sees no methods and paths`,
        'name the HTTP or gRPC `ports`, or leave `operations` out',
      );
    }
    if (scope.operations.some((operation) => operation.isGrpc) && port.protocol !== Protocol.GRPC) {
      throw new MeshError(
        Code.OPERATION_ON_TCP,
        `port \`${port.name}\` of \`${callee}\` is \`${port.protocol}\` and carries no gRPC operations`,
        'declare the port with `Port.grpc`, or use `Operation.http`',
      );
    }
  }
  return { ports: opened, operations: scope.operations };
}

/** Grants in an order that does not depend on the order of the calls that made them, each once. */
export function normalizeGrants(grants: readonly Grant[]): readonly Grant[] {
  const byKey = new Map(grants.map((grant) => [grantKey(grant), grant]));
  return [...byKey].sort(([a], [b]) => byCodeUnits(a, b)).map(([, grant]) => grant);
}

function grantKey(grant: Grant): string {
  return JSON.stringify([
    refKey(grant.callee),
    refKey(grant.caller),
    grant.caller.kind === 'serviceAccount' ? (grant.caller.podLabels ?? {}) : {},
    grant.ports === undefined ? 'all' : [...grant.ports].sort(byCodeUnits),
    grant.operations,
    grant.conditions ?? {},
    grant.until ?? '',
  ]);
}
