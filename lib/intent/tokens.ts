import type { Problem } from '../errors';
import { Code, MeshError, quoted } from '../errors';
import { describeRef } from './peer';
import type { Port } from './port';
import { selectPorts } from './port';
import type { MeshIntent } from './mesh';
import type { TokenRequirement } from './restriction';
import type { ServiceIntent } from './service';
import { serviceKey } from './service';
import type { TokenIssuer } from './token-issuer';

/** The ports on which requests need a token; refuses ports where the mesh sees no requests. */
export function tokenPorts(
  key: string,
  ports: readonly Port[],
  requirement: Pick<TokenRequirement, 'ports'>,
): readonly Port[] {
  const named = selectPorts(key, ports, requirement.ports);
  const chosen = requirement.ports === undefined ? named.filter((port) => port.carriesRequests) : named;
  const blind = chosen.find((port) => !port.carriesRequests);
  if (blind !== undefined || chosen.length === 0) {
    throw new MeshError(
      Code.OPERATION_ON_TCP,
      blind === undefined
        ? `\`${key}\` has no port with requests that could carry a token`
        : `port \`${blind.name}\` of \`${key}\` is \`${blind.protocol}\`, where the mesh sees no requests and no tokens`,
      'name the HTTP or gRPC `ports`',
    );
  }
  return chosen;
}

/** Tokens that are described in two ways, and grants that ask for tokens that nobody checks. */
export function tokenProblems(intent: MeshIntent): readonly Problem[] {
  return intent.allServices().flatMap((service) => [...twoWays(service), ...unchecked(intent, service)]);
}

function twoWays(service: ServiceIntent): readonly Problem[] {
  const issuers = service.restrictions.tokens.flatMap((requirement) => requirement.issuers);
  const described = new Map<string, string>();
  return issuers.flatMap((issuer) => {
    const text = JSON.stringify(issuer);
    const other = described.get(issuer.issuer) ?? text;
    described.set(issuer.issuer, other);
    return other === text
      ? []
      : [
          {
            code: Code.TOKEN,
            message: `issuer \`${issuer.issuer}\` is described in two ways at \`${serviceKey(service.ref)}\``,
            fix: 'use one `TokenIssuer` for it',
          },
        ];
  });
}

function unchecked(intent: MeshIntent, service: ServiceIntent): readonly Problem[] {
  const taken = new Set(
    service.restrictions.tokens.flatMap(({ issuers }) => issuers.map(({ issuer }: TokenIssuer) => issuer)),
  );
  return intent.grantsTo(service.ref).flatMap(({ caller, conditions }) => {
    if (conditions?.claims === undefined && conditions?.issuers === undefined) {
      return [];
    }
    const what = `a grant to ${describeRef(caller)} asks for a token`;
    const strange = (conditions.issuers ?? []).filter((issuer) => !taken.has(issuer));
    if (taken.size === 0 || strange.length > 0) {
      return [
        {
          code: Code.TOKEN,
          message: `${what}${strange.length > 0 ? ` of ${quoted(strange)}` : ''}, which \`${serviceKey(service.ref)}\` does not check`,
          fix: 'say `access.requireToken` with that issuer at the service',
        },
      ];
    }
    return conditions.issuers === undefined && taken.size > 1
      ? [
          {
            code: Code.TOKEN,
            message: `${what} with claims, and \`${serviceKey(service.ref)}\` takes tokens of ${quoted(taken)}, any of which could claim that`,
            fix: 'name the issuer in `tokenFrom` of the grant',
          },
        ]
      : [];
  });
}
