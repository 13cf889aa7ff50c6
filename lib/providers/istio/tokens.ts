import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  RequestAuthenticationSpec,
  RequestAuthenticationSpecJwtRules,
} from '../../../imports/security.istio.io';
import { byCodeUnits } from '../../intent/names';
import { tokenPorts } from '../../intent/tokens';
import type { TokenRequirement } from '../../intent/restriction';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { TokenIssuer } from '../../intent/token-issuer';
import { policyPaths } from './format';
import { deniedPaths, portNumbers } from './policy-operation';
import { distinctRules, selected } from './restrictions';

/** Spec of the object that checks tokens; requests without one pass it. */
export function requestAuthenticationSpec(service: ServiceIntent): RequestAuthenticationSpec {
  return { ...selected(service), jwtRules: issuersOf(service).map(jwtRule) };
}

/**
 * Spec of the policy that refuses requests without a token where they need one. It denies: a further policy that allowed
 * those with a token would add to what the grants allow without.
 */
export function tokenRequiredSpec(service: ServiceIntent): AuthorizationPolicySpec {
  const all = issuersOf(service).map(({ issuer }) => issuer);
  const rules = service.restrictions.tokens.flatMap((requirement) => tokenRules(service, requirement, all));
  return { ...selected(service), action: 'DENY', rules: distinctRules(rules) };
}

/** The subjects of an issuer, as policies name them. */
export function requestPrincipals(issuers: readonly string[]): string[] {
  return [...new Set(issuers.map((issuer) => `${issuer}/*`))].sort(byCodeUnits);
}

/** Every issuer whose tokens a service takes, each once. */
function issuersOf({ restrictions }: ServiceIntent): readonly TokenIssuer[] {
  const byName = new Map(
    restrictions.tokens.flatMap(({ issuers }) => issuers).map((issuer) => [issuer.issuer, issuer]),
  );
  return [...byName].sort(([a], [b]) => byCodeUnits(a, b)).map(([, issuer]) => issuer);
}

/** The generated type knows only the older spelling of `jwksUri`. */
type JwtRule = RequestAuthenticationSpecJwtRules & { readonly jwksUri?: string };

function jwtRule({ issuer, keys, audiences, ...places }: TokenIssuer): JwtRule {
  const { fromHeaders, fromCookies, fromParams, forward } = places;
  return {
    issuer,
    ...(audiences.length === 0 ? {} : { audiences: [...audiences] }),
    ...(keys.location === undefined ? {} : { jwksUri: keys.location }),
    ...(keys.jwks === undefined ? {} : { jwks: keys.jwks }),
    ...(fromHeaders.length === 0 ? {} : { fromHeaders: fromHeaders.map((header) => ({ ...header })) }),
    ...(fromCookies.length === 0 ? {} : { fromCookies: [...fromCookies] }),
    ...(fromParams.length === 0 ? {} : { fromParams: [...fromParams] }),
    ...(forward ? { forwardOriginalToken: true } : {}),
  };
}

function tokenRules(
  service: ServiceIntent,
  requirement: TokenRequirement,
  all: readonly string[],
): readonly AuthorizationPolicySpecRules[] {
  const { issuers, paths, exceptPaths, exceptPreflight } = requirement;
  const named = [...new Set(issuers.map(({ issuer }) => issuer))];
  const source = {
    // Where a service takes tokens of these issuers only, any that passed the check is one of them.
    notRequestPrincipals: named.length === all.length ? ['*'] : requestPrincipals(named),
  };
  const operation = {
    ports: portNumbers(tokenPorts(serviceKey(service.ref), service.ports, requirement)),
    ...(paths.length === 0 ? {} : { paths: deniedPaths(paths) }),
    ...(exceptPaths.length === 0 ? {} : { notPaths: exceptPaths.flatMap(policyPaths) }),
  };
  const from = [{ source }];
  return exceptPreflight
    ? [
        { from, to: [{ operation: { ...operation, notMethods: ['OPTIONS'] } }] },
        {
          from,
          to: [{ operation: { ...operation, methods: ['OPTIONS'] } }],
          // An OPTIONS request that no browser sends before another one.
          when: [{ key: 'request.headers[access-control-request-method]', notValues: ['*'] }],
        },
      ]
    : [{ from, to: [{ operation }] }];
}
