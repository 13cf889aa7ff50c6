import { isIP } from 'node:net';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import type { Machines } from '../intent/machines';
import { requireDnsLabel, requireIdentity, requireLabels } from '../intent/names';
import { requireAddress, requireCidr } from './address';

/** Machines outside the cluster, each with a proxy of the mesh. */
export interface VirtualMachinesProps {
  /** Name of the group. */
  readonly name: string;
  /** Labels of the machines, by which Services and policies select them. */
  readonly labels: { readonly [key: string]: string };
  /** Service account whose identity the machines have. */
  readonly serviceAccount: string;
  /**
   * Addresses of the machines, where they are known. Each is registered by the manifests.
   * @default - machines register themselves when their proxy starts; then `cidrs` are needed
   */
  readonly addresses?: string[];
  /**
   * Ranges in which machines that register themselves have their addresses, for NetworkPolicies.
   * @default - `addresses`
   */
  readonly cidrs?: string[];
  /**
   * Ports that the machines listen on.
   * @default - none
   */
  readonly ports?: number[];
  /**
   * Network of the machines, where pods reach them only by a gateway.
   * @default - that of the cluster
   */
  readonly network?: string;
}

/** Machines as users say them; refuses those that no NetworkPolicy could know. */
export function machinesOf(props: VirtualMachinesProps): Machines {
  const {
    name,
    labels,
    serviceAccount,
    addresses = [],
    cidrs,
    network,
  } = givenShape('virtual machines', props, {
    name: 'text',
    labels: 'object',
    serviceAccount: 'text',
    addresses: 'text[]?',
    cidrs: 'text[]?',
    ports: 'number[]?',
    network: 'text?',
  });
  if ((addresses.length === 0) === (cidrs === undefined || cidrs.length === 0)) {
    throw new MeshError(
      Code.MACHINES,
      `virtual machines \`${name}\` have ${addresses.length === 0 ? 'neither `addresses` nor `cidrs`' : 'both `addresses` and `cidrs`'}`,
      'give the `addresses` of machines that are known, or the `cidrs` of those that register themselves',
    );
  }
  const known = [...new Set(addresses.map((address) => requireAddress('addresses', address)))];
  return {
    name: requireDnsLabel('virtual machines', name),
    labels: requireLabels(`labels of virtual machines \`${name}\``, labels),
    serviceAccount: requireIdentity(`serviceAccount of virtual machines \`${name}\``, serviceAccount),
    addresses: known,
    cidrs: cidrs?.map((cidr) => requireCidr('cidrs', cidr)) ?? known.map(single),
    ...(network === undefined ? {} : { network: requireDnsLabel('network', network) }),
  };
}

function single(address: string): string {
  return `${address}/${isIP(address) === 6 ? 128 : 32}`;
}
