import type { Construct } from 'constructs';
import type { Operation } from '../intent/operation';
import type { IPeer } from '../intent/peer';

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
}

/** Somebody whom others can be allowed to call. */
export interface ICallee {
  /**
   * Allows a caller, which stands at `scope`, to call this.
   * @internal
   */
  _allowFrom(caller: IPeer, scope: Construct, options: AllowOptions): void;
}
