import type {
  VirtualServiceSpec,
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpMatchMethod,
  VirtualServiceSpecHttpRetries,
} from '../../../imports/networking.istio.io';
import type { HttpMatch } from '../../intent/http-match';
import type { Operation } from '../../intent/operation';
import type { PathMatch } from '../../intent/path-match';
import { intersectPaths } from '../../intent/path-match';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import type { ReleaseIntent } from '../../intent/release';
import type { Resilience, RetrySettings } from '../../intent/resilience';
import { HARMLESS_CONDITIONS } from '../../intent/resilience';
import type { ServiceIntent } from '../../intent/service';
import { duration, headerMatches, subsetName, uriMatches } from './format';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';

/** Methods that change nothing, so that a request may be repeated after the server has seen it (RFC 9110, 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Where requests enter, and which of them do. */
interface Entry {
  readonly port?: number;
  /** Any of which matches; none means every path. */
  readonly paths: readonly PathMatch[];
}

/** What routes lead to. */
export interface RouteTarget {
  readonly host: string;
  readonly ports: readonly Port[];
  readonly resilience: Resilience;
  readonly streamingOperations: readonly Operation[];
  readonly release?: ReleaseIntent;
}

/** One kind of request: any of the entries in each dimension, all dimensions. */
interface RequestClass extends Entry {
  readonly headers: readonly HttpMatch[];
  readonly methods: readonly string[];
}

/** A service as the target of routes. */
export function serviceTarget(settings: IstioSettings, service: ServiceIntent): RouteTarget {
  return { ...service, host: serviceHost(settings, service.ref) };
}

/** Spec of the VirtualService by which the mesh's own proxies reach a target. */
export function virtualServiceSpec(target: RouteTarget): VirtualServiceSpec {
  const ports = target.ports.filter((port) => port.carriesRequests);
  return {
    hosts: [target.host],
    http: ports.flatMap((port) =>
      httpRoutes(target, port, { ...(ports.length > 1 ? { port: port.servicePort } : {}), paths: [] }),
    ),
  };
}

/**
 * Routes to one port of a service in a safe order: what stays open before what does not, the candidate's requests before
 * the shares, methods that may be repeated before the rest, and last a route for everything that entered.
 */
export function httpRoutes(target: RouteTarget, port: Port, entry: Entry): readonly VirtualServiceSpecHttp[] {
  return durations(target, port, entry.paths).flatMap(({ paths, methods: named, streaming }) =>
    shares(target).flatMap(({ headers, destinations }) =>
      repetitions(target, port, named).map(({ methods, retries }) => {
        const match = matches({ ...entry, paths, headers, methods });
        return {
          ...(match.length > 0 ? { match } : {}),
          route: destinations.map(({ version, weight }) => ({
            destination: {
              host: target.host,
              port: { number: port.servicePort },
              ...(version === undefined ? {} : { subset: subsetName(version) }),
            },
            ...(weight === undefined ? {} : { weight }),
          })),
          ...(streaming || target.resilience.timeout === 'off'
            ? {}
            : { timeout: duration(target.resilience.timeout.millis) }),
          retries: retriesJson(retries, streaming ? 'streaming' : target.resilience.timeout),
        };
      }),
    ),
  );
}

/** Requests that may stay open get no timeout: Envoy counts it to the end of the response. */
function durations(
  target: RouteTarget,
  port: Port,
  entered: readonly PathMatch[],
): readonly {
  readonly paths: readonly PathMatch[];
  readonly methods: readonly string[];
  readonly streaming: boolean;
}[] {
  const everything = { paths: entered, methods: [] };
  if (port.streaming) {
    return [{ ...everything, streaming: true }];
  }
  const open = target.streamingOperations
    .filter((operation) => !operation.isGrpc || port.protocol === Protocol.GRPC)
    .map(({ methods, paths }) => ({ methods, paths: pathsWithin(entered, paths), limited: paths.length > 0 }))
    .filter(({ paths, limited }) => !limited || paths.length > 0);
  return [
    ...open.map(({ paths, methods }) => ({ paths, methods, streaming: true })),
    { ...everything, streaming: false },
  ];
}

/** The paths of an operation that enter; `unsupported` refuses those of which only a proxy could tell. */
function pathsWithin(entered: readonly PathMatch[], paths: readonly PathMatch[]): readonly PathMatch[] {
  if (entered.length === 0 || paths.length === 0) {
    return [...entered, ...paths];
  }
  return entered.flatMap((entry) => paths.flatMap((path) => intersectPaths(entry, path) ?? []));
}

function shares({ release }: RouteTarget): readonly {
  readonly headers: readonly HttpMatch[];
  readonly destinations: readonly { readonly version?: string; readonly weight?: number }[];
}[] {
  if (release === undefined) {
    return [{ headers: [], destinations: [{}] }];
  }
  const { stable, candidate, candidateWhen } = release;
  return [
    ...(candidateWhen.length > 0 ? [{ headers: candidateWhen, destinations: [{ version: candidate.version }] }] : []),
    {
      headers: [],
      destinations: [stable, candidate].map(({ version, weightPercent }) => ({ version, weight: weightPercent })),
    },
  ];
}

/** Safe HTTP methods are repeated on the conditions that were chosen; everything else only where nothing was done. */
function repetitions(
  { resilience: { retries } }: RouteTarget,
  port: Port,
  named: readonly string[],
): readonly { readonly methods: readonly string[]; readonly retries: RetrySettings | 'off' }[] {
  if (retries === 'off') {
    return [{ methods: named, retries }];
  }
  const harmless = {
    ...retries,
    conditions: retries.conditions.filter((condition) => HARMLESS_CONDITIONS.includes(condition)),
  };
  if (port.protocol === Protocol.GRPC || harmless.conditions.length === retries.conditions.length) {
    return [{ methods: named, retries: harmless }];
  }
  const safe = named.length === 0 ? SAFE_METHODS : named.filter((method) => SAFE_METHODS.includes(method));
  const rest = named.filter((method) => !SAFE_METHODS.includes(method));
  return [
    ...(safe.length > 0 ? [{ methods: safe, retries }] : []),
    ...(named.length === 0 || rest.length > 0 ? [{ methods: rest, retries: harmless }] : []),
  ];
}

function matches(request: RequestClass): readonly VirtualServiceSpecHttpMatch[] {
  const byPath = request.paths.length > 0 ? request.paths.flatMap(uriMatches).map((uri) => ({ uri })) : [{}];
  const byHeader = request.headers.length > 0 ? request.headers.map((m) => ({ headers: headerMatches(m) })) : [{}];
  const rest = {
    ...(request.port === undefined ? {} : { port: request.port }),
    ...(request.methods.length > 0 ? { method: methodMatch(request.methods) } : {}),
  };
  return byHeader
    .flatMap((header) => byPath.map((path) => ({ ...header, ...path, ...rest })))
    .filter((match) => Object.keys(match).length > 0);
}

function methodMatch(methods: readonly string[]): VirtualServiceSpecHttpMatchMethod {
  return methods.length === 1 ? { exact: methods.join() } : { regex: methods.join('|') };
}

function retriesJson(
  retries: RetrySettings | 'off',
  timeout: Resilience['timeout'] | 'streaming',
): VirtualServiceSpecHttpRetries {
  // Silence means two retries to Istio, also of what is not safe to repeat.
  if (retries === 'off' || retries.conditions.length === 0) {
    return { attempts: 0 };
  }
  const tryMillis = timeout === 'streaming' ? undefined : (retries.perTryTimeoutMillis ?? timeoutMillis(timeout));
  return {
    attempts: retries.attempts,
    ...(tryMillis === undefined ? {} : { perTryTimeout: duration(tryMillis) }),
    retryOn: [...new Set(retries.conditions)].join(','),
  };
}

function timeoutMillis(timeout: Resilience['timeout']): number | undefined {
  return timeout === 'off' ? undefined : timeout.millis;
}
