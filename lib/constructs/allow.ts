import type { Construct } from 'constructs';
import type { ClaimCondition } from '../intent/claim';
import type { Operation } from '../intent/operation';
import type { PathMatch } from '../intent/path-match';
import type { IPeer } from '../intent/peer';
import type { TokenIssuer } from '../intent/token-issuer';
import type { SourceAddresses } from '../options/source-addresses';

/** What a grant opens; what is left out is not limited. */
export interface AllowOptions {
  /**
   * Names of ports of the callee.
   * @default - all of its ports
   */
  readonly ports?: string[];
  /**
   * Operations, any of which is allowed. Only ports that carry requests have operations.
   * @default - every operation
   */
  readonly operations?: Operation[];
  /**
   * The last day on which it holds, as `YYYY-MM-DD`, in UTC. After it, the app fails at synth, and 14 days before, it warns.
   * @default - it does not end
   */
  readonly until?: string;
  /**
   * Addresses from which the calls must come.
   * @default - any
   */
  readonly addresses?: SourceAddresses;
  /**
   * Server names for which the client of a TLS connection must ask, any of which. Only where the mesh sees the client's own
   * TLS: on ports that the Kubernetes API calls.
   * @default - any
   */
  readonly serverNames?: string[];
  /**
   * What claims of the request's token must be, all of it. The service must require tokens (`access.requireToken`).
   * @default - anything
   */
  readonly claims?: ClaimCondition[];
  /**
   * Who must have issued the request's token, any of whom. Needed beside `claims` where the service takes tokens of several.
   * @default - anybody whose tokens the service takes; without `claims`, no token is needed
   */
  readonly tokenFrom?: TokenIssuer[];
}

/** Where an application shows its metrics. */
export interface ScrapingOptions {
  /** Name of the service's port, which carries requests. */
  readonly port: string;
  /**
   * Path of the metrics.
   * @default PathMatch.exact('/metrics')
   */
  readonly path?: PathMatch;
}

/** Somebody whom others can be allowed to call. */
export interface ICallee {
  /**
   * Allows a caller, which stands at `scope`, to call this.
   * @internal
   */
  _allowFrom(caller: IPeer, scope: Construct, options: AllowOptions): void;
}
