import type { Grant, Scope } from './access';
import { scopedPorts } from './access';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions, operationConditions } from './conditions';
import { coversIdentity, identity, sharesIdentity } from './identity';
import type { MeshIntent } from './mesh';
import type { Port } from './port';
import type { Denial } from './restriction';
import type { ServiceIntent } from './service';
import { serviceKey } from './service';

/** The denials of a service that leave nothing of what a caller sends to one of its ports. */
export function denialsOf(
  intent: MeshIntent,
  service: ServiceIntent,
  { containerPort }: Port,
  sender: Pick<Grant, 'caller' | 'conditions'>,
  sent: Conditions,
): readonly Denial[] {
  const denials = service.restrictions.denials.filter((denial) => isDenied(intent, denial, sender));
  const denying = oneMethod(sent).map((conditions) =>
    denials.filter((denial) =>
      pieces(service, denial).some((denied) => coversPiece(denied, { containerPort, conditions })),
    ),
  );
  return denying.some((some) => some.length === 0) ? [] : [...new Set(denying.flat())];
}

/** Whether a denial is of all calls of a grant, as far as these are in its scope. */
export function isDenied(
  intent: MeshIntent,
  { callers, addresses }: Denial,
  { caller, conditions }: Pick<Grant, 'caller' | 'conditions'>,
): boolean {
  if (addresses !== undefined && JSON.stringify(addresses) !== JSON.stringify(conditions?.addresses)) {
    return false;
  }
  const theirs = identity(intent, caller);
  switch (callers.kind) {
    case 'everybody':
      return true;
    case 'peer':
      return coversIdentity(identity(intent, callers.peer), theirs);
    case 'allBut':
      return !callers.peers.some((peer) => sharesIdentity(identity(intent, peer), theirs));
  }
}

/** One port with one condition on what is done there. */
export interface Piece {
  readonly containerPort: number;
  readonly conditions: Conditions;
}

/** The ports and conditions of a scope, one by one. */
export function pieces(service: ServiceIntent, scope: Scope): readonly Piece[] {
  const { ports, operations } = scopedPorts(() => 'a policy', serviceKey(service.ref), service.ports, scope);
  const conditions = operations.length === 0 ? [ANYTHING] : operations.flatMap(operationConditions).flatMap(oneMethod);
  return ports.flatMap(({ containerPort }) =>
    conditions.map((condition) => ({ containerPort, conditions: condition })),
  );
}

function oneMethod(conditions: Conditions): readonly Conditions[] {
  return conditions.methods.length === 0
    ? [conditions]
    : conditions.methods.map((method) => ({ ...conditions, methods: [method] }));
}

/** Whether one piece is all of the other. */
export function coversPiece(wide: Piece, narrow: Piece): boolean {
  return wide.containerPort === narrow.containerPort && coversConditions(wide.conditions, narrow.conditions);
}
