import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import { requireDnsLabel } from '../intent/names';
import { requirePortNumber } from '../intent/port';
import type { UnprotectedPortIntent } from '../intent/unprotected';
import { requireCidr } from './address';

/** Why a port passes the proxy by, and who is at the other end. */
export interface UnprotectedPortOptions {
  /** Why, for whoever reads the code and the warning. */
  readonly reason: string;
  /**
   * Ranges of addresses at the other end, which the NetworkPolicy opens.
   * @default - none; one of `cidrs` and `namespaces` is needed
   */
  readonly cidrs?: string[];
  /**
   * Namespaces of pods at the other end, which the NetworkPolicy opens.
   * @default - none; one of `cidrs` and `namespaces` is needed
   */
  readonly namespaces?: string[];
}

/**
 * A port whose connections pass the proxy by: they have no mutual TLS, no identity and no policies of the mesh, and nobody counts
 * them. A NetworkPolicy is all that limits them. Each is warned of.
 *
 * @example
 * import { UnprotectedPort } from 'cdk8s-mesh';
 * const gossip = UnprotectedPort.inbound(7946, { reason: 'members have a protocol of their own', namespaces: ['shop'] });
 */
export class UnprotectedPort {
  /** Connections to this port of the containers. It is none of the `ports` of the service. */
  static inbound(containerPort: number, options: UnprotectedPortOptions): UnprotectedPort {
    return new UnprotectedPort('inbound', containerPort, options);
  }

  /** Connections of the containers to this port of others. */
  static outbound(port: number, options: UnprotectedPortOptions): UnprotectedPort {
    return new UnprotectedPort('outbound', port, options);
  }

  /**
   * @internal
   */
  readonly _intent: UnprotectedPortIntent;

  private constructor(direction: UnprotectedPortIntent['direction'], port: number, options: UnprotectedPortOptions) {
    const {
      reason,
      cidrs = [],
      namespaces = [],
    } = givenShape('an unprotected port', options, {
      reason: 'text',
      cidrs: 'text[]?',
      namespaces: 'text[]?',
    });
    const what = `unprotected ${direction} port \`${port}\``;
    if (reason.trim() === '') {
      throw new MeshError(Code.UNPROTECTED, `${what} has an empty \`reason\``, 'say why it has to pass the proxy by');
    }
    if (cidrs.length + namespaces.length === 0) {
      throw new MeshError(
        Code.UNPROTECTED,
        `${what} names nobody at the other end`,
        'give the `cidrs` or `namespaces` that the NetworkPolicy shall open',
      );
    }
    this._intent = {
      direction,
      port: requirePortNumber(`port of an ${what}`, port),
      reason: reason.trim(),
      cidrs: cidrs.map((cidr) => requireCidr('cidrs', cidr)),
      namespaces: namespaces.map((name) => requireDnsLabel('namespaces', name)),
    };
  }
}
