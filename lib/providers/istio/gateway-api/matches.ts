import type {
  HttpRouteSpecRulesMatches,
  HttpRouteSpecRulesMatchesHeaders,
  HttpRouteSpecRulesMatchesMethod,
  HttpRouteSpecRulesMatchesPath,
} from '../../../../imports/gateway.networking.k8s.io';
import type { Conditions } from '../../../intent/conditions';
import { PathMatchKind, templateRegex } from '../../../intent/path-match';
import type { PathMatch } from '../../../intent/path-match';
import type { ValueMatch } from '../../../intent/value-match';
import { ValueMatchKind } from '../../../intent/value-match';
import { regexLiteral } from '../format';

/** Methods that a standard route can name. */
export const METHODS: readonly HttpRouteSpecRulesMatchesMethod[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
];

/** The matches of a standard route for conditions, one for each method. */
export function standardMatches({ path, methods, headers, query }: Conditions): readonly HttpRouteSpecRulesMatches[] {
  const rest = {
    ...(path === undefined ? {} : { path: pathMatch(path) }),
    ...(headers.length > 0 ? { headers: headers.map(valueMatch) } : {}),
    ...(query.length > 0 ? { queryParams: query.map(valueMatch) } : {}),
  };
  const named = METHODS.filter((method) => methods.includes(method));
  return methods.length === 0 ? [rest] : named.map((method) => ({ ...rest, method }));
}

/**
 * How early a standard route tries a match, whatever its place: exact paths, then longer prefixes, then those with a method,
 * then more headers, then more query parameters. Higher comes first; undefined where implementations differ.
 */
export function precedence({ path, methods, headers, query }: Conditions): readonly number[] | undefined {
  const kind = path?.kind ?? PathMatchKind.PREFIX;
  if (kind !== PathMatchKind.EXACT && kind !== PathMatchKind.PREFIX) {
    return undefined;
  }
  return [
    kind === PathMatchKind.EXACT ? 1 : 0,
    path?.value.length ?? 1,
    methods.length > 0 ? 1 : 0,
    headers.length,
    query.length,
  ];
}

function pathMatch(path: PathMatch): HttpRouteSpecRulesMatchesPath {
  switch (path.kind) {
    case PathMatchKind.EXACT:
      return { type: 'Exact', value: path.value };
    case PathMatchKind.PREFIX:
      return { type: 'PathPrefix', value: path.value };
    case PathMatchKind.TEMPLATE:
      return { type: 'RegularExpression', value: templateRegex(path.value) };
    case PathMatchKind.REGEX:
      return { type: 'RegularExpression', value: path.value };
  }
}

function valueMatch({ name, kind, value }: ValueMatch): HttpRouteSpecRulesMatchesHeaders {
  switch (kind) {
    case ValueMatchKind.EXACT:
      return { name, type: 'Exact', value };
    case ValueMatchKind.PREFIX:
      return { name, type: 'RegularExpression', value: `${regexLiteral(value)}.*` };
    case ValueMatchKind.REGEX:
      return { name, type: 'RegularExpression', value };
  }
}
