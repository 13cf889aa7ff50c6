import { Code, MeshError } from '../errors';
import type { ClaimCondition } from './claim';
import type { CallerRef } from './peer';
import { describeRef } from './peer';
import type { Port } from './port';
import { Protocol } from './port';

/** Addresses from which calls come: those of the peer itself, or those of the client in front of the gateway. */
export interface AddressCondition {
  readonly of: 'peer' | 'client';
  readonly cidrs: readonly string[];
}

/** What must hold besides for a grant to hold, all of it. */
export interface GrantConditions {
  readonly addresses?: AddressCondition;
  /** Server names that the client of a TLS connection asks for, any of which. */
  readonly serverNames?: readonly string[];
  /** What claims of the token must be, all of it. */
  readonly claims?: readonly ClaimCondition[];
  /** Who must have issued the token, any of which. */
  readonly issuers?: readonly string[];
}

/** Refuses conditions that cannot mean what they say, at these ports and of this caller. */
export function requirePossible(
  what: string,
  callee: string,
  ports: readonly Port[],
  caller: CallerRef,
  { addresses, serverNames, claims, issuers }: GrantConditions = {},
): void {
  const blind = ports.find((port) => !port.carriesRequests);
  if ((claims !== undefined || issuers !== undefined) && blind !== undefined) {
    throw new MeshError(
      Code.CONDITION,
      `${what} asks for a token, and port \`${blind.name}\` of \`${callee}\` is \`${blind.protocol}\`, where the mesh sees no requests that could carry one`,
      'name the HTTP or gRPC `ports`',
    );
  }
  if (addresses !== undefined) {
    requireAddresses(`${what} at \`${callee}\``, ports, caller, addresses);
  }
  const plain = ports.find(({ protocol }) => protocol !== Protocol.TLS && protocol !== Protocol.HTTPS);
  if (serverNames !== undefined && plain !== undefined) {
    throw new MeshError(
      Code.CONDITION,
      `${what} has server names, and port \`${plain.name}\` of \`${callee}\` is \`${plain.protocol}\`, where no client asks for one`,
      'name only `ports` that are declared with `Port.tls` or `Port.https`, or leave `serverNames` out',
    );
  }
}

function requireAddresses(what: string, ports: readonly Port[], caller: CallerRef, { of, cidrs }: AddressCondition) {
  const range = `\`${cidrs[0] ?? ''}\``;
  if (caller.kind === 'kubernetesApi') {
    throw new MeshError(
      Code.CONDITION,
      `${what} has addresses ${range}, and those of the Kubernetes API are known from the mesh`,
      'leave `addresses` out',
    );
  }
  if (of === 'peer' && caller.kind === 'ingressGateway') {
    throw new MeshError(
      Code.CONDITION,
      `${what} is limited to peers from ${range}, and the peer is always a pod of the gateway, whoever the client is`,
      'use `SourceAddresses.client` for the addresses of clients',
    );
  }
  if (of === 'client' && caller.kind !== 'ingressGateway') {
    throw new MeshError(
      Code.CONDITION,
      `${what} is limited to clients from ${range}, which only the ingress gateway can tell: ${describeRef(caller)} could write any address into the request`,
      'use `SourceAddresses.peer` for addresses of the caller, or `Peer.ingressGateway` as the caller',
    );
  }
  const blind = ports.find((port) => !port.carriesRequests);
  if (of === 'client' && blind !== undefined) {
    throw new MeshError(
      Code.CONDITION,
      `${what} is limited to clients from ${range}, which requests tell, and the mesh sees none on port \`${blind.name}\`, which is \`${blind.protocol}\``,
      'name the HTTP or gRPC `ports`',
    );
  }
}
