import { Code, MeshError } from '../errors';
import { byCodeUnits } from './names';
import type { Operation } from './operation';
import type { CalleeRef, CallerRef } from './peer';
import { describeRef, refKey } from './peer';
import type { Port } from './port';
import { Protocol, selectPorts } from './port';

/** Who may call whom, on which ports, doing what. */
export interface Grant {
  readonly caller: CallerRef;
  readonly callee: CalleeRef;
  /** Names of the callee's ports; undefined means all. */
  readonly ports?: readonly string[];
  /** What may be done, any of which; none means everything. */
  readonly operations: readonly Operation[];
}

/** The part of a grant that concerns the callee's ports, resolved. */
export interface OpenedPorts {
  readonly ports: readonly Port[];
  readonly operations: readonly Operation[];
}

/** The ports that a grant opens; refuses ports that the callee lacks and operations that a port cannot carry. */
export function openedPorts(callee: string, ports: readonly Port[], grant: Omit<Grant, 'callee'>): OpenedPorts {
  if (ports.length === 0) {
    throw new MeshError(
      Code.GRANT,
      `\`${callee}\` has no ports, so nobody can call it`,
      'declare its `ports`, or remove the grant',
    );
  }
  const opened = selectPorts(callee, ports, grant.ports);
  if (opened.length === 0) {
    throw new MeshError(
      Code.GRANT,
      `a grant to ${describeRef(grant.caller)} names no port of \`${callee}\``,
      'leave `ports` out to open all of them',
    );
  }
  const shared = ports.find(
    (port) => !opened.includes(port) && opened.some((o) => o.containerPort === port.containerPort),
  );
  if (shared !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `a grant to ${describeRef(grant.caller)} leaves out port \`${shared.name}\` of \`${callee}\`, which has the container port \`${shared.containerPort}\` in common with one that it opens`,
      'name both ports, or give each a `containerPort` of its own',
    );
  }
  for (const port of grant.operations.length > 0 ? opened : []) {
    if (!port.carriesRequests) {
      throw new MeshError(
        Code.OPERATION_ON_TCP,
        `port \`${port.name}\` of \`${callee}\` is \`${port.protocol}\`, where the mesh sees no methods and paths`,
        'name the HTTP or gRPC `ports`, or leave `operations` out',
      );
    }
    if (grant.operations.some((operation) => operation.isGrpc) && port.protocol !== Protocol.GRPC) {
      throw new MeshError(
        Code.OPERATION_ON_TCP,
        `port \`${port.name}\` of \`${callee}\` is \`${port.protocol}\` and carries no gRPC operations`,
        'declare the port with `Port.grpc`, or use `Operation.http`',
      );
    }
  }
  return { ports: opened, operations: grant.operations };
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
  ]);
}
