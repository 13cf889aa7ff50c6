import { Code, MeshError } from '../errors';
import { HeaderMatch } from '../intent/header-match';
import type { ShareIntent } from '../intent/release';
import type { IdDigits, UserKeyIntent } from '../intent/user-share';

/**
 * By what a proxy knows users again: an id that their requests carry, of which it looks at the last two digits.
 *
 * It works for ids whose last two digits are evenly spread: sequential or random numbers (`IdDigits.DECIMAL`), UUIDs of
 * version 4 or 7 and hexadecimal hashes (`IdDigits.HEXADECIMAL`). It does not for UUIDs of version 1, whose end is that of a
 * computer's address, for numbers that always end in the same digits, or for ids in other alphabets, such as Base64 and ULIDs.
 *
 * @example
 * import { IdDigits, UserKey } from 'cdk8s-mesh';
 * const byHeader = UserKey.header('x-user-id', IdDigits.HEXADECIMAL);
 * const byCookie = UserKey.cookie('uid', IdDigits.DECIMAL);
 */
export class UserKey {
  /** The whole value of a request header is the id. Its name is in lower case. */
  static header(name: string, digits: IdDigits): UserKey {
    HeaderMatch.exact(name, '0');
    return new UserKey({ kind: 'header', name, digits });
  }

  /** The value of a cookie is the id. */
  static cookie(name: string, digits: IdDigits): UserKey {
    HeaderMatch.cookie(name, '0');
    return new UserKey({ kind: 'cookie', name, digits });
  }

  /**
   * @internal
   */
  readonly _intent: UserKeyIntent;

  private constructor(intent: UserKeyIntent) {
    this._intent = intent;
  }
}

/**
 * What the percentages of a release are shares of.
 *
 * @example
 * import { IdDigits, Share, UserKey } from 'cdk8s-mesh';
 * const share = Share.users(UserKey.header('x-user-id', IdDigits.HEXADECIMAL));
 */
export class Share {
  /** Of requests: the version is drawn anew for each of them. */
  static requests(): Share {
    return new Share({ kind: 'requests' });
  }

  /**
   * Of users: everybody stays with one version. Who has a candidate at some percentage keeps it at a higher one. Requests without
   * an id, with one that ends otherwise, and connections go to the stable version; to the candidate once it has 100 percent.
   *
   * With decimal digits, percentages are exact. With hexadecimal ones, there are 256 groups of users, so that a percentage is
   * off by less than 0.4.
   */
  static users(key: UserKey): Share {
    const intent = intentOf(key);
    if (intent === undefined) {
      throw new MeshError(
        Code.RELEASE,
        'a share of users has no key by which a proxy could know users again',
        "give one, for example `UserKey.header('x-user-id', IdDigits.DECIMAL)`",
      );
    }
    return new Share({ kind: 'users', key: intent });
  }

  /**
   * @internal
   */
  readonly _intent: ShareIntent;

  private constructor(intent: ShareIntent) {
    this._intent = intent;
  }
}

/** Who writes JavaScript can leave the key out. */
function intentOf(key: UserKey | undefined): UserKeyIntent | undefined {
  return key?._intent;
}
