import type { Duration } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import type { Shape } from '../intent/given';
import { givenShape } from '../intent/given';
import { requireHeaderName } from '../intent/header-match';
import type { CorsIntent } from '../intent/route';
import { requireRegex } from '../intent/value-match';
import { positiveMillis } from './numbers';

/** Which pages of other origins browsers let call (CORS). */
export interface CorsOptions {
  /**
   * Origins as browsers send them, for example `https://shop.example.com`; `*` is every origin.
   * @default - none
   */
  readonly origins?: string[];
  /**
   * Regular expressions in RE2 syntax that whole origins match.
   * @default - none
   */
  readonly originRegexes?: string[];
  /** Methods that may be used. */
  readonly methods: string[];
  /**
   * Request headers that may be sent.
   * @default - those that need no permission
   */
  readonly headers?: string[];
  /**
   * Response headers that pages may read.
   * @default - those that need no permission
   */
  readonly exposedHeaders?: string[];
  /**
   * How long browsers may remember the answer.
   * @default - 10 minutes
   */
  readonly maxAge?: Duration;
  /**
   * Whether cookies and credentials may be sent. Not with the origin `*`.
   * @default false
   */
  readonly credentials?: boolean;
}

const CORS: Shape<CorsOptions> = {
  origins: 'text[]?',
  originRegexes: 'text[]?',
  methods: 'text[]',
  headers: 'text[]?',
  exposedHeaders: 'text[]?',
  maxAge: 'made:toMilliseconds?',
  credentials: 'flag?',
};

/** What these options say, as intent. */
export function corsIntent(options: CorsOptions): CorsIntent {
  const {
    origins = [],
    originRegexes = [],
    headers = [],
    exposedHeaders = [],
    maxAge,
    credentials = false,
  } = givenShape('CORS', options, CORS);
  if (origins.length + originRegexes.length === 0) {
    throw new MeshError(Code.ROUTE, 'CORS allows no origin', 'give `origins` or `originRegexes`');
  }
  const wrong = origins.find((origin) => origin !== '*' && !/^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin));
  if (wrong !== undefined) {
    throw new MeshError(
      Code.ROUTE,
      `CORS origin \`${wrong}\` is not one`,
      'write it as browsers send it: `https://shop.example.com`, without a path',
    );
  }
  if (credentials && origins.includes('*')) {
    throw new MeshError(
      Code.ROUTE,
      'CORS origin `*` with `credentials` would let every page act for the user',
      'name the origins',
    );
  }
  return {
    origins,
    originRegexes: originRegexes.map((regex) => requireRegex('CORS origin regex', regex)),
    methods: corsMethods(options.methods),
    headers: headers.map((name) => requireHeaderName('CORS', name)),
    exposedHeaders: exposedHeaders.map((name) => requireHeaderName('CORS', name)),
    maxAgeMillis: maxAge === undefined ? 600_000 : wholeSeconds(positiveMillis('maxAge of CORS', maxAge)),
    credentials,
  };
}

/** Methods that pages can use; others exist, and no browser asks for them. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function corsMethods(methods: readonly string[]): string[] {
  const wrong = methods.find((method) => !METHODS.includes(method));
  if (wrong !== undefined || methods.length === 0) {
    throw new MeshError(
      Code.ROUTE,
      wrong === undefined ? 'CORS allows no method' : `CORS method \`${wrong}\` is none that pages use`,
      `give \`methods\` out of ${quoted(METHODS)}`,
    );
  }
  return [...new Set(methods)];
}

function wholeSeconds(millis: number): number {
  if (millis % 1000 === 0) {
    return millis;
  }
  throw new MeshError(
    Code.DURATION,
    `maxAge of CORS is \`${millis}\` ms, and browsers count seconds`,
    'use whole seconds',
  );
}
