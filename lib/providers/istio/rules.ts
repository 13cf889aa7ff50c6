import type {
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpCorsPolicy,
  VirtualServiceSpecHttpHeaders,
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpRewrite,
} from '../../../imports/networking.istio.io';
import type { ComposedRoute } from '../../intent/composition';
import type { CorsIntent, HeaderChangesIntent, RouteIntent } from '../../intent/route';
import { rewrittenPath } from '../../intent/route';
import { duration } from './format';

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
  const byUri = new Map<string, VirtualServiceSpecHttpMatch[]>();
  for (const match of matches) {
    const uri = rewrittenPath(matched, rewritePath, match.uri?.exact ?? match.uri?.prefix ?? '/');
    byUri.set(uri, [...(byUri.get(uri) ?? []), match]);
  }
  return [...byUri].map(([uri, match]) => ({ match, rewrite: { ...authority, uri } }));
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
    ...(Object.keys(set).length > 0 ? { set: { ...set } } : {}),
    ...(Object.keys(add).length > 0 ? { add: { ...add } } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
  return Object.keys(said).length > 0 ? said : undefined;
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
