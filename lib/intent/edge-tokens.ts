import { ANYTHING, coversConditions, intersect } from './conditions';
import type { Conditions } from './conditions';
import type { EntranceIntent } from './entrance';
import { byCodeUnits } from './names';
import type { PathMatch } from './path-match';
import type { OwnGateway } from './peer';
import type { TokenRequirement } from './restriction';
import type { TokenIssuer } from './token-issuer';

/** Whether requests at a gateway need a token, and whose. */
export interface TokenDemand extends Omit<TokenRequirement, 'ports'> {
  /** Whether requests without one are refused; those with one of somebody else always are. */
  readonly required: boolean;
}

/** What a gateway demands of requests for some hosts. */
export interface EdgeTokens extends TokenDemand {
  readonly entrance: EntranceIntent;
  /** Those of its entrance, or some of them. */
  readonly hosts: readonly string[];
}

/** Whether two entrances are at one gateway, which checks the tokens of all of its hosts alike. */
export function atOneGateway(one: { readonly own?: OwnGateway }, other: { readonly own?: OwnGateway }): boolean {
  return one.own?.namespace === other.own?.namespace && one.own?.name === other.own?.name;
}

/** Every issuer whose tokens are known where these hold, each once, in a fixed order. */
export function issuersOf(tokens: readonly Pick<TokenRequirement, 'issuers'>[]): readonly TokenIssuer[] {
  const byName = new Map(tokens.flatMap(({ issuers }) => issuers).map((issuer) => [issuer.issuer, issuer]));
  return [...byName].sort(([a], [b]) => byCodeUnits(a, b)).map(([, issuer]) => issuer);
}

/** The paths of a demand that some requests can have: those of both; undefined where only a proxy could tell. */
export function demandedPaths(
  demanded: readonly PathMatch[],
  entered: readonly PathMatch[],
): readonly PathMatch[] | undefined {
  if (demanded.length === 0 || entered.length === 0) {
    return [...demanded, ...entered];
  }
  const both = demanded.flatMap((one) => entered.map((other) => intersect(onPath(one), onPath(other))));
  const known = both.flatMap((conditions) => conditions ?? []).flatMap(({ path }) => path ?? []);
  const distinct = [...new Map(known.map((path) => [JSON.stringify(path), path])).values()];
  return both.includes(undefined) ? undefined : distinct;
}

/** Whether some requests may be under both demands. */
export function demandsMeet(one: EdgeTokens, other: EdgeTokens): boolean {
  const excepted = [...one.exceptPaths, ...other.exceptPaths].map(onPath);
  return (
    one.hosts.some((host) => other.hosts.includes(host)) &&
    conditionsOf(one).some((a) =>
      conditionsOf(other).some((b) => {
        const shared = intersect(a, b);
        return shared === undefined || shared.some((both) => !excepted.some((path) => coversConditions(path, both)));
      }),
    )
  );
}

/** The requests that a demand is about, its exceptions among them. */
function conditionsOf({ paths }: Pick<TokenDemand, 'paths'>): readonly Conditions[] {
  return paths.length === 0 ? [ANYTHING] : paths.map(onPath);
}

/** Whether no token can be one that two demands take. */
export function excludeEachOther(one: TokenDemand, other: TokenDemand): boolean {
  return !one.issuers.some(({ issuer }) => other.issuers.some((their) => their.issuer === issuer));
}

/** Whether two demands are the same of the same host, at whatever entrances they are. */
export function sameDemand(one: EdgeTokens, other: EdgeTokens): boolean {
  return demandText(one) === demandText(other);
}

function demandText({ required, issuers, paths, exceptPaths, exceptPreflight }: EdgeTokens): string {
  const sorted = [issuers.map(({ issuer }) => issuer), paths, exceptPaths].map((list) =>
    list.map((item) => JSON.stringify(item)).sort(),
  );
  return JSON.stringify([required, exceptPreflight, ...sorted]);
}

/**
 * What a gateway that checks tokens of these issuers does to one that a service behind it takes; undefined is nothing. Where
 * the host itself demands tokens of the issuer, it may take fewer of them than the service.
 */
export function lostAtGateway(
  checked: readonly TokenIssuer[],
  taken: TokenIssuer,
  demandedHere: boolean,
): 'taken off' | 'refused' | 'refused in part' | undefined {
  const known = checked.find(({ issuer }) => issuer === taken.issuer);
  if (known === undefined) {
    return checked.some((other) => sharedPlace(other, taken)) ? 'refused' : undefined;
  }
  if (!sharedPlace(known, taken)) return undefined;
  const passing = taken.audiences.filter((audience) => known.audiences.includes(audience));
  if (known.audiences.length > 0 && taken.audiences.length > 0 && passing.length === 0) return 'refused';
  const narrower =
    known.audiences.length > 0 && (taken.audiences.length === 0 || passing.length < taken.audiences.length);
  return narrower && !demandedHere ? 'refused in part' : known.forward ? undefined : 'taken off';
}

function onPath(path: PathMatch): Conditions {
  return { ...ANYTHING, path };
}

/** Whether tokens of both issuers are looked for in some place of a request. */
function sharedPlace(one: TokenIssuer, other: TokenIssuer): boolean {
  const theirs = new Set(placesOf(other));
  return placesOf(one).some((place) => theirs.has(place));
}

function placesOf({ fromHeaders, fromCookies, fromParams }: TokenIssuer): readonly string[] {
  const named = [
    ...fromHeaders.map(({ name }) => `header ${name.toLowerCase()}`),
    ...fromCookies.map((name) => `cookie ${name}`),
    ...fromParams.map((name) => `param ${name}`),
  ];
  return named.length > 0 ? named : ['header authorization', 'param access_token'];
}
