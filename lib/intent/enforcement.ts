import { openedPorts } from './access';
import { arrivalPort } from './external';
import type { MeshIntent } from './mesh';
import type { ExternalRef, ServiceRef } from './peer';
import { serviceKey } from './service';

/** What holds for processes that evade the proxy of their pod, where something outside is declared. */
export enum ExternalEnforcement {
  /**
   * The proxy alone knows the name. A process that evades it reaches every public address on the port, and, where its pod has no
   * NetworkPolicy, every address on every port.
   */
  PROXY = 'proxy',
  /** NetworkPolicies let callers out to exactly these addresses and ports. */
  NETWORK_POLICY = 'networkPolicy',
  /**
   * NetworkPolicies let callers out to the egress gateway and to nothing behind it, and the gateway lets each caller, by its
   * identity, call only what it may.
   */
  EGRESS_GATEWAY_AND_NETWORK_POLICY = 'egressGatewayAndNetworkPolicy',
}

/** What holds for the caller of something outside for whom least does. */
export function enforcementOf(mesh: MeshIntent, ref: ExternalRef): ExternalEnforcement {
  const { resolution, through } = mesh.external(ref);
  const callers = mesh.grantsTo(ref).flatMap(({ caller }) => (caller.kind === 'service' ? [caller] : []));
  const named = through === undefined && !('addresses' in resolution);
  if (
    named ||
    callers.some((caller) => !isHeld(mesh, caller) || (through !== undefined && passesBy(mesh, caller, ref)))
  ) {
    return ExternalEnforcement.PROXY;
  }
  return through === undefined
    ? ExternalEnforcement.NETWORK_POLICY
    : ExternalEnforcement.EGRESS_GATEWAY_AND_NETWORK_POLICY;
}

/** Whether a NetworkPolicy of this app says where the pods of a service may connect. */
function isHeld(mesh: MeshIntent, ref: ServiceRef): boolean {
  const { owned, locked, networkPolicy } = mesh.service(ref);
  return owned && locked && networkPolicy;
}

/** Whether a caller may connect to every public address on the port, because of a name that it calls without a gateway. */
function passesBy(mesh: MeshIntent, caller: ServiceRef, ref: ExternalRef): boolean {
  const own = mesh.external(ref);
  const ports = own.ports.map((port) => arrivalPort(own, port));
  return mesh.grantsFrom(caller).some((grant) => {
    if (grant.callee.kind !== 'external') {
      return false;
    }
    const other = mesh.external(grant.callee);
    return (
      other.through === undefined &&
      !('addresses' in other.resolution) &&
      openedPorts(serviceKey(grant.callee), other.ports, grant).ports.some((port) =>
        ports.includes(arrivalPort(other, port)),
      )
    );
  });
}
