/** Namespaces that follow a revision tag of their own, and so come first when the control plane is upgraded. */
export interface IstioCanary {
  /** The revision tag that they follow. */
  readonly tag: string;
  /** Their names. */
  readonly namespaces: string[];
  /**
   * Revision whose proxies their pods shall have, for example `1-30-3`. Another one restarts them, by an annotation.
   * @default - nothing restarts them
   */
  readonly proxyRevision?: string;
}
