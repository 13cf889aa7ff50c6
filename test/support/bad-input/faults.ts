import { Duration } from 'cdk8s';
import type { FaultOptions, HttpMatchProps, RouteOptions } from '../../../lib';
import { Environment, GrpcStatus, HeaderMatch, HttpMatch, PathMatch, Port, RouteAction } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const TESTERS: HttpMatchProps = { headers: [HeaderMatch.cookie('group', 'testers')] };
const ABORT: FaultOptions = { abort: { httpStatus: 503 } };
const second = Duration.seconds(1);

/** Adds a route with this fault to a service with HTTP and gRPC. */
function addFault(fault: FaultOptions, options: Partial<RouteOptions> = {}, environment = Environment.OTHER): void {
  new MeshApp({}, { environment })
    .service('cart', { ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(9000)] })
    .addRoute({ name: 'chaos', matches: [HttpMatch.allOf(TESTERS)], fault, ...options });
}

const REFUSED: readonly [string, string, () => unknown][] = [
  ['a fault in production', 'production', () => addFault(ABORT, {}, Environment.PRODUCTION)],
  [
    'a fault for everybody',
    'chaos',
    () => addFault(ABORT, { matches: [HttpMatch.allOf({ path: PathMatch.prefix('/') })] }),
  ],
  [
    'a fault of which one match is for everybody',
    'headers',
    () => addFault(ABORT, { matches: [HttpMatch.allOf(TESTERS), HttpMatch.allOf({ methods: ['GET'] })] }),
  ],
  [
    'a fault for everybody who names a host',
    'chaos',
    () => addFault(ABORT, { matches: [HttpMatch.allOf({ headers: [HeaderMatch.regex('host', '.*')] })] }),
  ],
  ...(
    [
      ['user-agent', HeaderMatch.regex('user-agent', '.*')],
      ['user-agent', HeaderMatch.regex('user-agent', '.+/.*')],
      ['accept', HeaderMatch.regex('accept', '.*/.*')],
      ['x-forwarded-proto', HeaderMatch.prefix('x-forwarded-proto', 'http')],
      ['x-request-id', HeaderMatch.regex('x-request-id', '[0-9a-f-]+')],
      ['cookie', HeaderMatch.regex('cookie', '.*')],
    ] satisfies [string, HeaderMatch][]
  ).map(([name, header]): [string, string, () => unknown] => [
    `a fault for everybody who sends \`${header.value}\` as ${name}`,
    `${name}: ${header.value}`,
    () => addFault(ABORT, { matches: [HttpMatch.allOf({ headers: [header, HeaderMatch.regex('host', '.*')] })] }),
  ]),
  ['a fault that does nothing', 'chaos', () => addFault({})],
  ['a delay of more than all requests', '101', () => addFault({ delay: { duration: second, percent: 101 } })],
  ['an abort of no requests', '0', () => addFault({ abort: { httpStatus: 500, percent: 0 } })],
  ['a share of requests too fine to draw', '0.00001', () => addFault({ abort: { httpStatus: 500, percent: 0.00001 } })],
  ['a share of requests that is no number', 'NaN', () => addFault({ delay: { duration: second, percent: NaN } })],
  ['an abort without a status', 'grpcStatus', () => addFault({ abort: {} })],
  [
    'an abort with two statuses',
    'httpStatus',
    () => addFault({ abort: { httpStatus: 500, grpcStatus: GrpcStatus.INTERNAL } }, { ports: ['grpc'] }),
  ],
  ['an abort that succeeds', '200', () => addFault({ abort: { httpStatus: 200 } })],
  ['an abort beyond all statuses', '600', () => addFault({ abort: { httpStatus: 600 } })],
  [
    'a status of gRPC on an HTTP port',
    'UNAVAILABLE',
    () => addFault({ abort: { grpcStatus: GrpcStatus.UNAVAILABLE } }),
  ],
  [
    'a status that gRPC does not have',
    'BROKEN',
    () => addFault({ abort: { grpcStatus: untyped('BROKEN') } }, { ports: ['grpc'] }),
  ],
];

export const FAULTS: readonly Provocation[] = [
  ...REFUSED.map(([input, value, provoke]) => ({ input, code: Code.FAULT, value, provoke })),
  {
    input: 'a delay of nothing',
    code: Code.DURATION,
    value: '0',
    provoke: () => {
      addFault({ delay: { duration: Duration.seconds(0) } });
    },
  },
  {
    input: 'a fault of what the proxy answers by itself',
    code: Code.ROUTE,
    value: 'fault',
    provoke: () => {
      addFault(ABORT, { action: RouteAction.respond(503) });
    },
  },
];
