import type { FaultIntent } from './fault';
import type { HttpMatch } from './http-match';
import type { PathMatch } from './path-match';
import { PathMatchKind } from './path-match';
import type { ServiceRef } from './peer';
import type { ResilienceLevel } from './resilience';

/** What becomes of a request. */
export type RouteActionIntent =
  | {
      readonly kind: 'forward';
      /** Another service than the one that was called. */
      readonly to?: ServiceRef;
      /** Name of the port there; undefined is the only one that carries requests. */
      readonly port?: string;
      /** What the matched path, or its matched prefix, becomes. */
      readonly rewritePath?: string;
      /** What the host becomes. */
      readonly rewriteHost?: string;
    }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly scheme?: string;
      readonly host?: string;
      readonly port?: number;
      readonly path?: string;
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string };

/** Changes to the headers of a request or a response. */
export interface HeaderChangesIntent {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Which other origins a browser may let call. */
export interface CorsIntent {
  readonly origins: readonly string[];
  readonly originRegexes: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAgeMillis: number;
  readonly credentials: boolean;
}

/** A rule for some of the requests of a service. */
export interface RouteIntent {
  readonly name: string;
  /** Names of the ports; undefined means all that carry requests. */
  readonly ports?: readonly string[];
  /** Any of which suffices. */
  readonly matches: readonly HttpMatch[];
  readonly action: RouteActionIntent;
  readonly requestHeaders: HeaderChangesIntent;
  readonly responseHeaders: HeaderChangesIntent;
  readonly cors?: CorsIntent;
  readonly fault?: FaultIntent;
  readonly resilience: ResilienceLevel;
}

/** What a path becomes when the part of it that a route matched is replaced; below a prefix, the rest is kept. */
export function rewrittenPath(matched: PathMatch, rewritePath: string, path: string): string {
  if (matched.kind !== PathMatchKind.PREFIX) {
    return rewritePath;
  }
  const base = rewritePath === '/' ? '' : rewritePath.replace(/\/$/, '');
  return base + path.slice(matched.value === '/' ? 0 : matched.value.length) || '/';
}
