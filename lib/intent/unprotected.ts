/** A port whose connections pass the proxy of a service by. */
export interface UnprotectedPortIntent {
  readonly direction: 'inbound' | 'outbound';
  /** The container's port, or the port that is called. */
  readonly port: number;
  readonly reason: string;
  /** Addresses at the other end. */
  readonly cidrs: readonly string[];
  /** Namespaces of pods at the other end. */
  readonly namespaces: readonly string[];
}
