import type { Scope } from './access';
import type { AddressCondition } from './grant-conditions';
import type { PathMatch } from './path-match';
import { coversPath, isEveryPath } from './path-sets';
import type { CallerRef } from './peer';
import { describeRef } from './peer';
import type { TokenIssuer } from './token-issuer';

/** Whom a denial concerns. */
export type DeniedCallers =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'peer'; readonly peer: CallerRef }
  | { readonly kind: 'allBut'; readonly peers: readonly CallerRef[] };

/** Calls that are refused, whatever is granted. */
export interface Denial extends Scope {
  readonly callers: DeniedCallers;
  readonly addresses?: AddressCondition;
}

/** Requests about which a service of the mesh is asked. */
export interface Check extends Scope {
  /** Name of the provider that decides. */
  readonly provider: string;
}

/** Requests that are marked for whoever keeps records of them. */
export type Audit = Scope;

/** Requests that need a token. */
export interface TokenRequirement {
  /** Who may have issued it. */
  readonly issuers: readonly TokenIssuer[];
  /** Names of ports that carry requests; undefined means all of these. */
  readonly ports?: readonly string[];
  /** Which paths need it; none means all. */
  readonly paths: readonly PathMatch[];
  /** Which paths do not need it. */
  readonly exceptPaths: readonly PathMatch[];
  /** Whether preflight requests of browsers, which never carry a token, do not need it. */
  readonly exceptPreflight: boolean;
}

/** Whether a requirement asks nobody for a token: all that it is for is excepted. */
export function requiresNothing({ paths, exceptPaths }: Pick<TokenRequirement, 'paths' | 'exceptPaths'>): boolean {
  return (
    exceptPaths.some(isEveryPath) ||
    (paths.length > 0 && paths.every((path) => exceptPaths.some((free) => coversPath(free, path))))
  );
}

/** What limits the calls to a service besides its grants. */
export interface Restrictions {
  readonly denials: readonly Denial[];
  readonly checks: readonly Check[];
  readonly audits: readonly Audit[];
  readonly tokens: readonly TokenRequirement[];
}

/** A kind of restriction. */
export type RestrictionKind = keyof Restrictions;

export const NO_RESTRICTIONS: Restrictions = { denials: [], checks: [], audits: [], tokens: [] };

/** Rehearsal: what would be refused is only counted. */
export interface DryRun {
  readonly reason: string;
  /** The last day of it. */
  readonly until: string;
}

/** Who is denied, as messages say it. */
export function describeDenied(callers: DeniedCallers): string {
  switch (callers.kind) {
    case 'everybody':
      return 'everybody';
    case 'peer':
      return describeRef(callers.peer);
    case 'allBut':
      return `everybody but ${callers.peers.map(describeRef).join(', ')}`;
  }
}
