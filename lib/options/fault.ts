import type { Duration } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import type { Conditions } from '../intent/conditions';
import { Environment } from '../intent/environment';
import type { FaultIntent } from '../intent/fault';
import { GrpcStatus } from '../intent/fault';
import type { HttpMatch } from '../intent/http-match';
import type { Port } from '../intent/port';
import { Protocol } from '../intent/port';
import { holdsForUsual } from '../intent/usual-headers';
import { positiveMillis } from './numbers';

/** Requests that wait before they are sent. */
export interface DelayFault {
  /** How long they wait. */
  readonly duration: Duration;
  /**
   * How many of the requests, in percent; a tenth of a percent is `0.1`.
   * @default 100
   */
  readonly percent?: number;
}

/** Requests that fail and are not sent: exactly one status is given. */
export interface AbortFault {
  /**
   * HTTP status from 400 to 599.
   * @default - `grpcStatus`
   */
  readonly httpStatus?: number;
  /**
   * Status of gRPC calls, on ports that carry gRPC only.
   * @default - `httpStatus`
   */
  readonly grpcStatus?: GrpcStatus;
  /**
   * How many of the requests, in percent; a tenth of a percent is `0.1`.
   * @default 100
   */
  readonly percent?: number;
}

/**
 * Harm that callers' proxies do on purpose to the requests of a route. Each of its `matches` needs a header, a cookie or
 * callers. Who is meant by callers alone is never an ingress.
 */
export interface FaultOptions {
  /**
   * Requests that wait before they are sent.
   * @default - none
   */
  readonly delay?: DelayFault;
  /**
   * Requests that fail and are not sent.
   * @default - none
   */
  readonly abort?: AbortFault;
  /**
   * Does it to people who depend on the service, too.
   * @default false - refused where the environment of the mesh is production
   */
  readonly allowInProduction?: boolean;
}

/** What these options say, as intent; refused where it would reach more than a few chosen requests. */
export function faultIntent(
  route: string,
  options: FaultOptions,
  where: {
    readonly matches: readonly HttpMatch[];
    readonly ports: readonly Port[];
    readonly environment: Environment;
  },
): FaultIntent {
  const {
    delay,
    abort,
    allowInProduction = false,
  } = givenShape(`the fault of ${route}`, options, {
    delay: 'object?',
    abort: 'object?',
    allowInProduction: 'flag?',
  });
  if (delay === undefined && abort === undefined) {
    throw new MeshError(Code.FAULT, `the fault of ${route} does nothing`, 'give it a `delay` or an `abort`');
  }
  if (where.environment === Environment.PRODUCTION && !allowInProduction) {
    throw new MeshError(
      Code.FAULT,
      `${route} has a \`fault\`, and the environment of the mesh is \`production\``,
      'say `environment: Environment.OTHER` in `Mesh.use` for a cluster that nobody depends on, or `allowInProduction: true` in the fault',
    );
  }
  const broad = where.matches.find(({ _conditions }) => isForEverybody(_conditions));
  if (broad !== undefined) {
    const [header] = broad._conditions.headers;
    throw new MeshError(
      Code.FAULT,
      header === undefined
        ? `${route} has a \`fault\`, and a match without \`headers\` and \`callers\`, so that everybody would get it`
        : `${route} has a \`fault\`, and a match on header \`${header.name}: ${header.value}\`, which every request has, so that everybody would get it`,
      'give each match a header or cookie of testers, or `callers`',
    );
  }
  return {
    ...(delay === undefined
      ? {}
      : {
          delay: {
            millis: positiveMillis(`the delay of ${route}`, delay.duration),
            percent: requirePercent(`delay of ${route}`, delay.percent),
          },
        }),
    ...(abort === undefined
      ? {}
      : {
          abort: {
            status: requireStatus(route, abort, where.ports),
            percent: requirePercent(`abort of ${route}`, abort.percent),
          },
        }),
  };
}

function isForEverybody({ headers, callers, claims }: Conditions): boolean {
  return callers.length === 0 && claims === undefined && headers.every(holdsForUsual);
}

function requireStatus(
  route: string,
  { httpStatus, grpcStatus }: AbortFault,
  ports: readonly Port[],
): Required<FaultIntent>['abort']['status'] {
  const otherwise = ports.find(({ protocol }) => protocol !== Protocol.GRPC);
  if (grpcStatus !== undefined && httpStatus === undefined && otherwise === undefined) {
    return { kind: 'grpc', code: requireKnownStatus(route, grpcStatus) };
  }
  if (httpStatus !== undefined && grpcStatus === undefined) {
    if (Number.isInteger(httpStatus) && httpStatus >= 400 && httpStatus <= 599) {
      return { kind: 'http', code: httpStatus };
    }
    throw new MeshError(
      Code.FAULT,
      `httpStatus \`${httpStatus}\` in the abort of ${route} is no failure`,
      'use 400 to 599',
    );
  }
  throw grpcStatus !== undefined && httpStatus === undefined
    ? new MeshError(
        Code.FAULT,
        `grpcStatus \`${grpcStatus}\` in the abort of ${route} is for port \`${otherwise?.name ?? ''}\`, too, which is no gRPC`,
        'give `httpStatus`, or name `ports` of gRPC',
      )
    : new MeshError(
        Code.FAULT,
        `the abort of ${route} has ${grpcStatus === undefined ? 'no status' : 'both `httpStatus` and `grpcStatus`'}`,
        'give one of `httpStatus` and `grpcStatus`',
      );
}

function requireKnownStatus(route: string, status: GrpcStatus): GrpcStatus {
  const known = Object.values(GrpcStatus);
  if (known.includes(status)) {
    return status;
  }
  throw new MeshError(
    Code.FAULT,
    `grpcStatus \`${status}\` in the abort of ${route} is none, there are ${quoted(known)}`,
    'use one of `GrpcStatus`',
  );
}

/** Proxies draw among a million, so that there is nothing below a ten-thousandth of a percent. */
function requirePercent(field: string, percent = 100): number {
  if (percent > 0 && percent <= 100 && Number((percent * 10_000).toFixed(6)) % 1 === 0) {
    return percent;
  }
  throw new MeshError(
    Code.FAULT,
    `percent of the ${field} is \`${percent}\``,
    'use more than 0 and at most 100, with at most four decimals',
  );
}
