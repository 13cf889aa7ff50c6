import { Code, MeshError } from '../errors';
import { givenList, givenText } from '../intent/given';
import type { AddressCondition } from '../intent/grant-conditions';
import { requireCidr } from './address';

/**
 * Addresses from which calls come.
 *
 * @example
 * import { SourceAddresses } from 'cdk8s-mesh';
 * const office = SourceAddresses.client('203.0.113.0/24', '2001:db8::/32');
 */
export class SourceAddresses {
  /** Ranges of the peer: the pod or machine that opens the connection to the callee. */
  static peer(...cidrs: string[]): SourceAddresses {
    return new SourceAddresses('peer', cidrs);
  }

  /**
   * Ranges of the client in front of the ingress gateway, as the gateway tells it. The mesh must know that the gateway sees
   * clients' addresses.
   */
  static client(...cidrs: string[]): SourceAddresses {
    return new SourceAddresses('client', cidrs);
  }

  /**
   * @internal
   */
  readonly _condition: AddressCondition;

  private constructor(of: AddressCondition['of'], cidrs: readonly string[]) {
    if (cidrs.length === 0) {
      throw new MeshError(
        Code.CONDITION,
        `\`SourceAddresses.${of}\` has no range, and would match no call`,
        'give ranges in CIDR notation',
      );
    }
    givenList('ranges of addresses', cidrs).forEach((cidr) => givenText('a range of addresses', cidr));
    const everybody = cidrs.find((cidr) => cidr.endsWith('/0'));
    if (everybody !== undefined) {
      throw new MeshError(
        Code.CONDITION,
        `\`SourceAddresses.${of}\` has \`${everybody}\`, which is everybody`,
        'leave `addresses` out',
      );
    }
    this._condition = { of, cidrs: [...new Set(cidrs.map((cidr) => requireCidr('addresses', cidr)))].sort() };
  }
}
