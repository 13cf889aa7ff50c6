import type {
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpCorsPolicy,
  VirtualServiceSpecHttpFault,
  VirtualServiceSpecHttpHeaders,
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpRewrite,
} from '../../../imports/networking.istio.io';
import type { ComposedRoute } from '../../intent/composition';
import type { FaultIntent } from '../../intent/fault';
import type { PathMatch } from '../../intent/path-match';
import type { CorsIntent, HeaderChangesIntent, RouteIntent } from '../../intent/route';
import { rewrittenPath } from '../../intent/route';
import { duration, regexLiteral } from './format';

/** The part of a route that the user's rule says: what is answered, and how headers change. */
export function ruleFields(rule: RouteIntent | undefined): VirtualServiceSpecHttp {
  if (rule === undefined) {
    return {};
  }
  const { action } = rule;
  return {
    ...(action.kind === 'redirect'
      ? {
          redirect: {
            redirectCode: action.status,
            ...(action.scheme === undefined ? {} : { scheme: action.scheme }),
            ...(action.host === undefined ? {} : { authority: action.host }),
            ...(action.port === undefined ? {} : { port: action.port }),
            ...(action.path === undefined ? {} : { uri: action.path }),
          },
        }
      : {}),
    ...(action.kind === 'respond'
      ? {
          directResponse: {
            status: action.status,
            ...(action.body === undefined ? {} : { body: { string: action.body } }),
          },
        }
      : {}),
    ...headersField(rule),
    ...(rule.cors === undefined ? {} : { corsPolicy: corsPolicy(rule.cors) }),
    ...(rule.fault === undefined ? {} : { fault: faultField(rule.fault) }),
  };
}

/** Entries of a match by what their path becomes: below a prefix, the rest of the path is kept. */
export function rewrites(
  { rule, matched }: ComposedRoute,
  matches: readonly VirtualServiceSpecHttpMatch[],
): readonly {
  readonly match: readonly VirtualServiceSpecHttpMatch[];
  readonly rewrite?: VirtualServiceSpecHttpRewrite;
}[] {
  const action = rule?.action;
  if (action?.kind !== 'forward' || (action.rewritePath === undefined && action.rewriteHost === undefined)) {
    return [{ match: matches }];
  }
  const { rewritePath, rewriteHost } = action;
  const authority = rewriteHost === undefined ? {} : { authority: rewriteHost };
  if (rewritePath === undefined || matched === undefined) {
    return [{ match: matches, rewrite: authority }];
  }
  const byResult = new Map<string, { match: VirtualServiceSpecHttpMatch[]; rewrite: VirtualServiceSpecHttpRewrite }>();
  for (const match of matches) {
    const rewrite = { ...authority, ...pathRewrite(matched, rewritePath, match) };
    const key = JSON.stringify(rewrite);
    const known = byResult.get(key) ?? { match: [], rewrite };
    known.match.push(match);
    byResult.set(key, known);
  }
  return [...byResult.values()];
}

function pathRewrite(
  matched: PathMatch,
  rewritePath: string,
  { uri }: VirtualServiceSpecHttpMatch,
): VirtualServiceSpecHttpRewrite {
  const plain = uri?.exact ?? uri?.prefix;
  if (plain !== undefined) {
    return { uri: rewrittenPath(matched, rewritePath, plain) };
  }
  // `uri` would replace the whole path that an expression matched; what it matches begins with the prefix and a slash.
  const below = (prefix: string) => `${prefix.replace(/\/$/, '')}/`;
  return {
    uriRegexRewrite: {
      match: `^${regexLiteral(below(matched.value))}`,
      rewrite: below(rewritePath).replace(/\\/g, '\\\\'),
    },
  };
}

function headersField({ requestHeaders, responseHeaders }: RouteIntent): VirtualServiceSpecHttp {
  const request = changes(requestHeaders);
  const response = changes(responseHeaders);
  const headers: VirtualServiceSpecHttpHeaders = {
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
  return Object.keys(headers).length > 0 ? { headers } : {};
}

function changes({ set, add, remove }: HeaderChangesIntent): VirtualServiceSpecHttpHeaders['request'] | undefined {
  const said = {
    ...(Object.keys(set).length > 0 ? { set: literals(set) } : {}),
    ...(Object.keys(add).length > 0 ? { add: literals(add) } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

/** Envoy reads what stands between percent signs as a command. */
function literals(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/%/g, '%%')]));
}

function corsPolicy(cors: CorsIntent): VirtualServiceSpecHttpCorsPolicy {
  return {
    allowOrigins: [...cors.origins.map((exact) => ({ exact })), ...cors.originRegexes.map((regex) => ({ regex }))],
    allowMethods: cors.methods,
    ...(cors.headers.length > 0 ? { allowHeaders: cors.headers } : {}),
    ...(cors.exposedHeaders.length > 0 ? { exposeHeaders: cors.exposedHeaders } : {}),
    maxAge: duration(cors.maxAgeMillis),
    allowCredentials: cors.credentials,
  };
}

function faultField({ delay, abort }: FaultIntent): VirtualServiceSpecHttpFault {
  return {
    ...(delay === undefined
      ? {}
      : { delay: { fixedDelay: duration(delay.millis), percentage: { value: delay.percent } } }),
    ...(abort === undefined
      ? {}
      : {
          abort: {
            ...(abort.status.kind === 'http' ? { httpStatus: abort.status.code } : { grpcStatus: abort.status.code }),
            percentage: { value: abort.percent },
          },
        }),
  };
}
