import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  AuthorizationPolicySpecRulesFromSource,
  AuthorizationPolicySpecRulesToOperation,
  RequestAuthenticationSpec,
  RequestAuthenticationSpecJwtRules,
} from '../../../imports/security.istio.io';
import { issuersOf } from '../../intent/edge-tokens';
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
  return { ...selected(service), jwtRules: issuersOf(service.restrictions.tokens).map(jwtRule) };
}

/**
 * Spec of the policy that refuses requests without a token where they need one. It denies: a further policy that allowed
 * those with a token would add to what the grants allow without.
 */
export function tokenRequiredSpec(service: ServiceIntent): AuthorizationPolicySpec {
  const all = issuersOf(service.restrictions.tokens).map(({ issuer }) => issuer);
  const rules = service.restrictions.tokens.flatMap((requirement) => tokenRules(service, requirement, all));
  return { ...selected(service), action: 'DENY', rules: distinctRules(rules) };
}

/** The subjects of an issuer, as policies name them. */
export function requestPrincipals(issuers: readonly string[]): string[] {
  return [...new Set(issuers.map((issuer) => `${issuer}/*`))].sort(byCodeUnits);
}

/** The generated type knows only the older spelling of `jwksUri`. */
type JwtRule = RequestAuthenticationSpecJwtRules & { readonly jwksUri?: string };

/** How tokens of an issuer are found and checked. */
export function jwtRule({ issuer, keys, audiences, ...places }: TokenIssuer): JwtRule {
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
  return demandRules(source, operation, exceptPreflight);
}

/** Rules that refuse what comes from such a source, but for preflight requests where these are let through. */
export function demandRules(
  source: AuthorizationPolicySpecRulesFromSource,
  operation: AuthorizationPolicySpecRulesToOperation,
  exceptPreflight: boolean,
): readonly AuthorizationPolicySpecRules[] {
  const from = [{ source }];
  const to = (limits: AuthorizationPolicySpecRulesToOperation) =>
    Object.keys(limits).length === 0 ? {} : { to: [{ operation: limits }] };
  return exceptPreflight
    ? [
        { from, ...to({ ...operation, notMethods: ['OPTIONS'] }) },
        {
          from,
          ...to({ ...operation, methods: ['OPTIONS'] }),
          // An OPTIONS request that no browser sends before another one.
          when: [{ key: 'request.headers[access-control-request-method]', notValues: ['*'] }],
        },
      ]
    : [{ from, ...to(operation) }];
}
