/** Where the key comes from that keeps requests of one kind at one endpoint. */
export type HashKey =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'queryParameter'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly ttlMillis: number; readonly path?: string }
  | { readonly kind: 'sourceIp' };

/** How a client's proxy chooses among endpoints. */
export type LoadBalancingSettings =
  | { readonly kind: 'leastRequest' | 'roundRobin'; readonly warmupMillis?: number }
  | { readonly kind: 'random' }
  | { readonly kind: 'consistentHash'; readonly key: HashKey; readonly maglevTableSize?: number };

/** Which regions and zones requests go to. */
export type LocalitySettings =
  | { readonly kind: 'failover'; readonly failover: readonly { readonly from: string; readonly to: string }[] }
  | {
      readonly kind: 'distribute';
      readonly distribute: readonly { readonly from: string; readonly to: Readonly<Record<string, number>> }[];
    };
