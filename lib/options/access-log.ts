import { givenShape } from '../intent/given';
import type { AccessLogIntent } from '../intent/telemetry';

/** Where access logs go. */
export interface AccessLogOptions {
  /**
   * Name of an access log provider of the mesh.
   * @default - the output of the proxy's own container
   */
  readonly provider?: string;
}

/**
 * Which calls a proxy writes down, both those that its pod makes and those that it gets.
 *
 * @example
 * import { AccessLog } from 'cdk8s-mesh';
 * const accessLog = AccessLog.errors();
 */
export class AccessLog {
  /** Every request, and every connection without requests. */
  static all(options: AccessLogOptions = {}): AccessLog {
    return new AccessLog({ kind: 'all', ...named(options) });
  }

  /**
   * Requests that failed (status 400 and above, gRPC codes other than OK) or got no answer, and every connection
   * without requests, which has no status. Refused calls are among them, with the policy that refused them.
   */
  static errors(options: AccessLogOptions = {}): AccessLog {
    return new AccessLog({ kind: 'errors', ...named(options) });
  }

  /** Nothing. */
  static off(): AccessLog {
    return new AccessLog({ kind: 'off' });
  }

  /**
   * @internal
   */
  readonly _intent: AccessLogIntent;

  private constructor(intent: AccessLogIntent) {
    this._intent = intent;
  }
}

function named(options: AccessLogOptions): AccessLogOptions {
  const { provider } = givenShape('options of an access log', options, { provider: 'text?' });
  return provider === undefined ? {} : { provider };
}
