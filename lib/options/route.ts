import { Code, MeshError } from '../errors';
import type { HttpMatch } from '../intent/http-match';
import { requireDnsLabel } from '../intent/names';
import { PathMatchKind } from '../intent/path-match';
import type { Port } from '../intent/port';
import { selectPorts } from '../intent/port';
import type { HeaderChangesIntent, RouteIntent } from '../intent/route';
import type { CorsOptions } from './cors';
import { corsIntent } from './cors';
import { defined } from './numbers';
import type { Retries, Timeout } from './requests';
import type { RouteAction } from './route-action';

/** Changes to headers. */
export interface HeaderChanges {
  /**
   * Headers that get this value, whatever they had.
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };
  /**
   * Headers that get a further value.
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };
  /**
   * Headers that are taken away.
   * @default - none
   */
  readonly remove?: string[];
}

/** A rule for some of the requests of a service. */
export interface RouteOptions {
  /** Name by which messages call the route. */
  readonly name: string;
  /** Requests that it is for; any of the matches suffices. */
  readonly matches: HttpMatch[];
  /**
   * Names of the service's ports that it is for.
   * @default - all that carry requests
   */
  readonly ports?: string[];
  /**
   * What becomes of the requests.
   * @default - they go to the service
   */
  readonly action?: RouteAction;
  /**
   * Changes to the headers of the requests.
   * @default - none
   */
  readonly requestHeaders?: HeaderChanges;
  /**
   * Changes to the headers of the responses.
   * @default - none
   */
  readonly responseHeaders?: HeaderChanges;
  /**
   * Which pages of other origins browsers let call.
   * @default - none but what the application itself says
   */
  readonly cors?: CorsOptions;
  /**
   * How long these requests may take.
   * @default - the service's
   */
  readonly timeout?: Timeout;
  /**
   * How often these requests are repeated.
   * @default - the service's
   */
  readonly retries?: Retries;
}

/** What these options say, as intent. */
export function routeIntent(owner: string, ports: readonly Port[], options: RouteOptions): RouteIntent {
  const { matches, action, cors, timeout, retries } = options;
  const name = requireDnsLabel(`route of \`${owner}\``, options.name);
  if (matches.length === 0) {
    throw new MeshError(
      Code.ROUTE,
      `route \`${name}\` of \`${owner}\` matches nothing`,
      'give `matches`; for every request, use the options of the service',
    );
  }
  const deaf = selectPorts(owner, ports, options.ports).find(
    (port) => options.ports !== undefined && !port.carriesRequests,
  );
  if (deaf !== undefined || !ports.some((port) => port.carriesRequests)) {
    throw new MeshError(
      Code.ROUTE,
      `route \`${name}\` of \`${owner}\` is for ${deaf === undefined ? 'a service without ports that carry requests' : `port \`${deaf.name}\`, which carries no requests`}`,
      'name ports of HTTP or gRPC',
    );
  }
  const intent = action?._intent ?? { kind: 'forward' };
  const forwards = intent.kind === 'forward';
  if (!forwards && (timeout !== undefined || retries !== undefined)) {
    throw new MeshError(
      Code.ROUTE,
      `route \`${name}\` of \`${owner}\` answers by itself, so that \`timeout\` and \`retries\` do nothing`,
      'leave them out',
    );
  }
  if (intent.kind === 'forward' && intent.rewritePath !== undefined) {
    requireRewritable(owner, name, matches);
  }
  return {
    name,
    ...(options.ports === undefined ? {} : { ports: options.ports }),
    matches,
    action: intent,
    requestHeaders: headerChanges(name, options.requestHeaders),
    responseHeaders: headerChanges(name, options.responseHeaders),
    ...(cors === undefined ? {} : { cors: corsIntent(cors) }),
    resilience: defined({ timeout: timeout?._settings, retries: retries?._settings }),
  };
}

function requireRewritable(owner: string, name: string, matches: readonly HttpMatch[]): void {
  const kinds: readonly string[] = [PathMatchKind.EXACT, PathMatchKind.PREFIX];
  if (matches.some(({ _conditions: { path } }) => path === undefined || !kinds.includes(path.kind))) {
    throw new MeshError(
      Code.ROUTE,
      `route \`${name}\` of \`${owner}\` has \`rewritePath\`, and a match without an exact path or prefix to replace`,
      'give every match a `path` with `PathMatch.exact` or `PathMatch.prefix`',
    );
  }
}

function headerChanges(route: string, changes: HeaderChanges | undefined): HeaderChangesIntent {
  const { set = {}, add = {}, remove = [] } = changes ?? {};
  for (const name of [...Object.keys(set), ...Object.keys(add), ...remove]) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw new MeshError(Code.ROUTE, `header \`${name}\` of route \`${route}\` is not a name`, 'write the name alone');
    }
  }
  return { set, add, remove };
}
