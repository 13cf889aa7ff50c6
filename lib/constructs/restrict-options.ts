import type { Operation } from '../intent/operation';
import type { PathMatch } from '../intent/path-match';
import type { TokenIssuer } from '../intent/token-issuer';
import type { SourceAddresses } from '../options/source-addresses';

/** Which calls are denied; what is left out does not limit the denial. */
export interface DenyOptions {
  /**
   * Names of ports of the service.
   * @default - all, with those that nobody declared
   */
  readonly ports?: string[];
  /**
   * Operations, any of which is denied. Only ports that carry requests have operations.
   * @default - every operation
   */
  readonly operations?: Operation[];
  /**
   * Addresses from which calls are denied.
   * @default - any
   */
  readonly addresses?: SourceAddresses;
}

/** Some of the requests to a service. */
export interface RequestOptions {
  /**
   * Names of ports of the service that carry requests.
   * @default - all that do
   */
  readonly ports?: string[];
  /**
   * Operations, any of which.
   * @default - every operation
   */
  readonly operations?: Operation[];
}

/** Which requests need a token, and whose. */
export interface RequireTokenOptions {
  /** Who may have issued it, any of whom. */
  readonly issuers: TokenIssuer[];
  /**
   * Names of ports of the service that carry requests.
   * @default - all that do
   */
  readonly ports?: string[];
  /**
   * Paths that need it. Those of all other paths then do not.
   * @default - every path
   */
  readonly paths?: PathMatch[];
  /**
   * Paths that do not need it, for example that of a health check.
   * @default - none
   */
  readonly exceptPaths?: PathMatch[];
  /**
   * Whether preflight requests (OPTIONS with `Access-Control-Request-Method`) do not need it. Browsers send them without.
   * @default false
   */
  readonly exceptPreflight?: boolean;
}
