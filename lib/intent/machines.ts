import type { Labels } from './names';

/** Machines outside the cluster, each with a proxy, under one identity. */
export interface Machines {
  readonly name: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
  /** Addresses of machines that are known; without them, machines register themselves. */
  readonly addresses: readonly string[];
  /** Where machines are, as NetworkPolicies know them. */
  readonly cidrs: readonly string[];
  /** The network that they are on, where it is not that of the cluster. */
  readonly network?: string;
}
