import type {
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpMatchMethod,
} from '../../../imports/networking.istio.io';
import type { ClaimCondition } from '../../intent/claim';
import type { Conditions } from '../../intent/conditions';
import type { MeshIntent } from '../../intent/mesh';
import type { CallerRef } from '../../intent/peer';
import type { ValueMatch } from '../../intent/value-match';
import { ValueMatchKind } from '../../intent/value-match';
import { regexLiteral, uriMatches } from './format';

/** Entries of a VirtualService's match, any of which suffices; none is every request. */
export function httpMatches(
  conditions: readonly Conditions[],
  mesh: MeshIntent,
  port: number | undefined,
): readonly VirtualServiceSpecHttpMatch[] {
  const any: readonly Conditions[] =
    conditions.length > 0 ? conditions : [{ methods: [], headers: [], query: [], callers: [] }];
  return any
    .flatMap(({ path, methods, headers, query, callers, claims = [] }) => {
      const uris = path === undefined ? [{}] : uriMatches(path).map((uri) => ({ uri }));
      const sources = callers.length === 0 ? [{}] : callers.map((caller) => source(caller, mesh));
      return uris.flatMap((uri) =>
        sources.map((from) => ({
          ...(headers.length + claims.length > 0 ? { headers: { ...values(headers), ...claimValues(claims) } } : {}),
          ...uri,
          ...(port === undefined ? {} : { port }),
          ...(methods.length > 0 ? { method: methodMatch(methods) } : {}),
          ...(query.length > 0 ? { queryParams: values(query.map(withoutPrefix)) } : {}),
          ...from,
        })),
      );
    })
    .filter((match) => Object.keys(match).length > 0);
}

/** Conditions on named values, by their names. */
export function values(matches: readonly ValueMatch[]): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(matches.map(({ name, kind, value }) => [name, { [kind]: value }]));
}

/** Claims, which Istio takes for headers of such names; a claim that is a list matches by any of its values. */
function claimValues(claims: readonly ClaimCondition[]): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    claims.map(({ names, values: [first, ...others] }) => [
      // Names with a dot in them need the brackets.
      `@request.auth.claims${names.map((name) => `[${name}]`).join('')}`,
      claimValue(first, others),
    ]),
  );
}

function claimValue(first: string | undefined, others: readonly string[]): Readonly<Record<string, string>> {
  if (first === undefined) {
    return { regex: '.+' };
  }
  return others.length === 0 ? { exact: first } : { regex: [first, ...others].map(regexLiteral).join('|') };
}

/** Istio compares query parameters with no prefixes. */
export function withoutPrefix({ name, kind, value }: ValueMatch): ValueMatch {
  return kind === ValueMatchKind.PREFIX
    ? { name, kind: ValueMatchKind.REGEX, value: `${regexLiteral(value)}.*` }
    : { name, kind, value };
}

function methodMatch(methods: readonly string[]): VirtualServiceSpecHttpMatchMethod {
  return methods.length === 1 ? { exact: methods.join() } : { regex: methods.join('|') };
}

/** How a client's proxy knows that its own workload is meant. */
export function source(
  caller: CallerRef,
  mesh: MeshIntent,
): Pick<VirtualServiceSpecHttpMatch, 'sourceNamespace' | 'sourceLabels'> {
  switch (caller.kind) {
    case 'service':
      return { sourceNamespace: caller.namespace, sourceLabels: { ...mesh.service(caller).podLabels } };
    case 'serviceAccount':
      return { sourceNamespace: caller.namespace, sourceLabels: { ...caller.podLabels } };
    case 'namespace':
      return { sourceNamespace: caller.namespace };
    case 'ingressGateway':
    case 'kubernetesApi':
      throw new Error(`a match with a caller of kind \`${caller.kind}\` was accepted`);
  }
}
