import { Code, MeshError } from '../errors';
import { givenOptions, givenPeer, givenText } from '../intent/given';
import { isDnsName } from '../intent/names';
import type { IPeer, ServiceRef } from '../intent/peer';
import { requirePlainPath } from '../intent/path-match';
import { requirePortNumber } from '../intent/port';
import type { RouteActionIntent } from '../intent/route';
import { wholeNumber } from './numbers';

/** Where requests are sent on, and what they are called there. */
export interface ForwardOptions {
  /**
   * Another service. Everybody who may call the one must be allowed to call the other, too.
   * @default - the service that was called
   */
  readonly service?: IPeer;
  /**
   * Name of the other service's port.
   * @default - its only port that carries requests
   */
  readonly port?: string;
  /**
   * What the matched path becomes; of a prefix, what the prefix becomes. Needs an exact path or prefix in every match.
   * @default - the path is kept
   */
  readonly rewritePath?: string;
  /**
   * What the host becomes.
   * @default - the host is kept
   */
  readonly rewriteHost?: string;
}

/** Where clients are sent. What is left out stays as it was. */
export interface RedirectOptions {
  /**
   * Status: 301, 302, 303, 307 or 308.
   * @default 308
   */
  readonly status?: number;
  /**
   * `http` or `https`.
   * @default - kept
   */
  readonly scheme?: string;
  /**
   * The host.
   * @default - kept
   */
  readonly host?: string;
  /**
   * The port.
   * @default - the scheme's
   */
  readonly port?: number;
  /**
   * The whole path.
   * @default - kept
   */
  readonly path?: string;
}

/**
 * What becomes of the requests that a route matches.
 *
 * @example
 * import { RouteAction } from 'cdk8s-mesh';
 * const moved = RouteAction.redirect({ path: '/v2/login' });
 * const closed = RouteAction.respond(503, 'closed for maintenance');
 */
export class RouteAction {
  /** They go on to the service, or to another one. */
  static forward(options: ForwardOptions = {}): RouteAction {
    const { service, port, rewritePath, rewriteHost } = givenOptions('options of a forward', options);
    if (port !== undefined && service === undefined) {
      throw new MeshError(
        Code.ROUTE,
        `a route forwards to port \`${port}\` and names no \`service\``,
        'name the service, or leave `port` out to stay on the port that was called',
      );
    }
    if (rewriteHost !== undefined && !isDnsName(rewriteHost)) {
      throw new MeshError(Code.ROUTE, `rewriteHost \`${rewriteHost}\` is not a DNS name`, 'write a host name');
    }
    return new RouteAction({
      kind: 'forward',
      ...(service === undefined ? {} : { to: requireService(service) }),
      ...(port === undefined ? {} : { port }),
      ...(rewritePath === undefined ? {} : { rewritePath: requirePlainPath('rewritePath', rewritePath) }),
      ...(rewriteHost === undefined ? {} : { rewriteHost }),
    });
  }

  /** The client is told to go elsewhere. */
  static redirect(options: RedirectOptions): RouteAction {
    const { status = 308, scheme, host, port, path } = givenOptions('options of a redirect', options);
    const wrong = ![301, 302, 303, 307, 308].includes(status)
      ? `status \`${status}\``
      : scheme !== undefined && !['http', 'https'].includes(scheme)
        ? `scheme \`${scheme}\``
        : host !== undefined && !isDnsName(host)
          ? `host \`${host}\``
          : undefined;
    if (wrong !== undefined || [scheme, host, port, path].every((field) => field === undefined)) {
      throw new MeshError(
        Code.ROUTE,
        wrong === undefined ? 'a redirect changes nothing' : `${wrong} of a redirect is none`,
        'give a `scheme` (`http` or `https`), `host`, `port` or `path`, and a status of 301, 302, 303, 307 or 308',
      );
    }
    return new RouteAction({
      kind: 'redirect',
      status,
      ...(scheme === undefined ? {} : { scheme }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port: requirePortNumber('port of a redirect', port) }),
      ...(path === undefined ? {} : { path: requirePath('path of a redirect', path) }),
    });
  }

  /** The proxy answers by itself, with this status and text. */
  static respond(status: number, body?: string): RouteAction {
    wholeNumber('status of a response', status, 200, 599);
    const bytes = body === undefined ? 0 : Buffer.byteLength(givenText('the body of a response', body));
    if (bytes > MOST_BYTES) {
      throw new MeshError(
        Code.ROUTE,
        `the body of a response has \`${bytes}\` bytes, and proxies take \`${MOST_BYTES}\``,
        'let a service answer',
      );
    }
    return new RouteAction({ kind: 'respond', status, ...(body === undefined ? {} : { body }) });
  }

  /**
   * @internal
   */
  readonly _intent: RouteActionIntent;

  private constructor(intent: RouteActionIntent) {
    this._intent = intent;
  }
}

/** What proxies take, and about what the API server stores. */
const MOST_BYTES = 1024 * 1024;

function requireService(service: IPeer): ServiceRef {
  const ref = givenPeer('`service` of a forward', service);
  if (ref.kind === 'service') {
    return ref;
  }
  throw new MeshError(Code.ROUTE, `a route forwards to a peer of kind \`${ref.kind}\``, 'name a MeshedService');
}

function requirePath(field: string, path: string): string {
  if (givenText(field, path).startsWith('/') && !/[?#\s]/.test(path)) {
    return path;
  }
  throw new MeshError(
    Code.PATH,
    `${field} \`${path}\` is not a path`,
    'start it with `/`, without query and white space',
  );
}
