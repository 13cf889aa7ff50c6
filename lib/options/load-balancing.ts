import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import type { HashKey, LoadBalancingSettings } from '../intent/balancing';
import { defined, positiveMillis } from './numbers';

/** How endpoints take up load. */
export interface BalanceOptions {
  /**
   * How long a new endpoint gets a growing share before it gets a full one.
   * @default - it gets a full share at once
   */
  readonly warmup?: Duration;
}

/** What keeps requests at one endpoint: exactly one of `header`, `queryParameter`, `cookie` and `sourceIp`. */
export interface ConsistentHashOptions {
  /**
   * Name of the header whose value decides.
   * @default - another key decides
   */
  readonly header?: string;
  /**
   * Name of the query parameter whose value decides.
   * @default - another key decides
   */
  readonly queryParameter?: string;
  /**
   * Name of the cookie whose value decides. Proxies set it where a client has none.
   * @default - another key decides
   */
  readonly cookie?: string;
  /**
   * How long the cookie lives.
   * @default - as long as the browser's session
   */
  readonly cookieTtl?: Duration;
  /**
   * Path of the cookie.
   * @default - the path of the request
   */
  readonly cookiePath?: string;
  /**
   * Whether the address of the client decides.
   * @default false
   */
  readonly sourceIp?: boolean;
  /**
   * Uses a Maglev table of this size, a prime, instead of a ring: faster to look up, less stable.
   * @default - a ring
   */
  readonly maglevTableSize?: number;
}

/**
 * How a client's proxy chooses among the endpoints of a service.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { LoadBalancing } from 'cdk8s-mesh';
 * const sticky = LoadBalancing.consistentHash({ cookie: 'session', cookieTtl: Duration.hours(1) });
 * const gentle = LoadBalancing.leastRequest({ warmup: Duration.seconds(60) });
 */
export class LoadBalancing {
  /** The endpoint with fewer active requests, of two at random. */
  static leastRequest(options: BalanceOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'leastRequest', ...warmup(options) });
  }

  /** One endpoint after the other. */
  static roundRobin(options: BalanceOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'roundRobin', ...warmup(options) });
  }

  /** Any endpoint. */
  static random(): LoadBalancing {
    return new LoadBalancing({ kind: 'random' });
  }

  /** The same endpoint for the same key, as long as endpoints do not come and go. */
  static consistentHash(options: ConsistentHashOptions): LoadBalancing {
    const { maglevTableSize } = givenOptions('options of a consistent hash', options);
    if (maglevTableSize !== undefined && !isPrime(maglevTableSize)) {
      throw new MeshError(
        Code.RESILIENCE,
        `maglevTableSize \`${maglevTableSize}\` is no prime`,
        'use a prime, for example `65537`',
      );
    }
    return new LoadBalancing({
      kind: 'consistentHash',
      key: requireOneKey(options),
      ...(maglevTableSize === undefined ? {} : { maglevTableSize }),
    });
  }

  /**
   * @internal
   */
  readonly _settings: LoadBalancingSettings;

  private constructor(settings: LoadBalancingSettings) {
    this._settings = settings;
  }
}

function warmup(options: BalanceOptions): { readonly warmupMillis?: number } {
  const { warmup: duration } = givenOptions('options of load balancing', options);
  return duration === undefined ? {} : { warmupMillis: positiveMillis('warmup of load balancing', duration) };
}

function requireOneKey(options: ConsistentHashOptions): HashKey {
  const { header, queryParameter, cookie, cookieTtl, cookiePath, sourceIp } = options;
  const keys: HashKey[] = [
    ...(header === undefined ? [] : [{ kind: 'header' as const, name: header.toLowerCase() }]),
    ...(queryParameter === undefined ? [] : [{ kind: 'queryParameter' as const, name: queryParameter }]),
    ...(cookie === undefined
      ? []
      : [
          {
            kind: 'cookie' as const,
            name: cookie,
            ttlMillis: cookieTtl?.toMilliseconds() ?? 0,
            ...defined({ path: cookiePath }),
          },
        ]),
    ...(sourceIp === true ? [{ kind: 'sourceIp' as const }] : []),
  ];
  const [key, second] = keys;
  const wrong =
    key === undefined || second !== undefined || (cookie === undefined && (cookieTtl ?? cookiePath) !== undefined);
  if (wrong || ('name' in key && !/^[\w!#$%&'*+.^`|~-]+$/.test(key.name))) {
    throw new MeshError(
      Code.RESILIENCE,
      `consistent hash has the keys ${keys.map((k) => `\`${k.kind}${'name' in k ? ` ${k.name}` : ''}\``).join(', ') || 'none'}`,
      'give one of `header`, `queryParameter`, `cookie` and `sourceIp`, by its name; `cookieTtl` and `cookiePath` go with `cookie`',
    );
  }
  return key;
}

function isPrime(value: number): boolean {
  if (!Number.isInteger(value) || value < 2) {
    return false;
  }
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) {
      return false;
    }
  }
  return true;
}
