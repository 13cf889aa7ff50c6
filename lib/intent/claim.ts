import { Code, MeshError } from '../errors';
import { givenText } from './given';

/**
 * A claim of a token.
 *
 * @example
 * import { Claim } from 'cdk8s-mesh';
 * const admins = [Claim.of('groups').isOneOf('admin', 'owner'), Claim.path('realm', 'roles').isPresent()];
 */
export class Claim {
  /** The claim of this name. */
  static of(name: string): Claim {
    return new Claim([name]);
  }

  /** A claim inside of claims, by their names from the outside in. */
  static path(...names: string[]): Claim {
    return new Claim(names);
  }

  private readonly names: readonly string[];

  private constructor(names: readonly string[]) {
    const wrong = names.find((name) => !/^[^\s[\]]+$/.test(givenText('the name of a claim', name)));
    if (wrong !== undefined || names.length === 0) {
      throw new MeshError(
        Code.TOKEN,
        wrong === undefined ? '`Claim.path` has no name' : `\`${wrong}\` is not the name of a claim`,
        'give the names of claims, one for each level, without brackets',
      );
    }
    this.names = names;
  }

  /** It has one of these values; a claim that is a list has one of them among its own. */
  isOneOf(...values: string[]): ClaimCondition {
    const wrong = values.find(
      (value) => givenText(`a value of claim \`${this.names.join('.')}\``, value) === '' || value.includes('*'),
    );
    if (wrong !== undefined || values.length === 0) {
      throw new MeshError(
        Code.TOKEN,
        wrong === undefined
          ? `claim \`${this.names.join('.')}\` has no value to be`
          : `\`${wrong}\` as value of claim \`${this.names.join('.')}\` is empty, or a pattern to the mesh`,
        'give whole values, or use `isPresent`',
      );
    }
    return ClaimCondition._of(this.names, [...new Set(values)]);
  }

  /** It is there, with any value but an empty one. */
  isPresent(): ClaimCondition {
    return ClaimCondition._of(this.names, []);
  }
}

/**
 * Something that a claim of a token must be.
 *
 * @example
 * import { Claim, ClaimCondition } from 'cdk8s-mesh';
 * const admin: ClaimCondition = Claim.of('groups').isOneOf('admin');
 */
export class ClaimCondition {
  /**
   * @internal
   */
  static _of(names: readonly string[], values: readonly string[]): ClaimCondition {
    return new ClaimCondition([...names], [...values]);
  }

  /** Names of the claims, from the outside in. */
  readonly names: string[];
  /** Values, any of which; none means any. */
  readonly values: string[];

  private constructor(names: string[], values: string[]) {
    this.names = names;
    this.values = values;
  }
}
