import { App, Chart } from 'cdk8s';
import type { AllowOptions, HttpOperationOptions } from '../../../lib';
import { IstioMesh, Mesh, MeshedService, Operation, PathMatch, Peer, Port, ZeroTrustNamespace } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, printed } from '../mesh-app';
import type { Provocation } from './provocation';

const PORTS = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379, { name: 'redis' })];
const READ = Operation.http({ methods: ['GET'] });
const CHARGE = Operation.grpc('shop.Payment', 'Charge');

export const ACCESS: readonly Provocation[] = [
  ...(
    [
      ['a grant to an unknown port', Code.PORT_UNKNOWN, 'http2', { ports: ['http2'] }],
      ['an HTTP grant on TCP', Code.OPERATION_ON_TCP, 'redis', { ports: ['redis'], operations: [READ] }],
      ['an HTTP grant to all ports when one is TCP', Code.OPERATION_ON_TCP, 'redis', { operations: [READ] }],
      ['a gRPC grant on an HTTP port', Code.OPERATION_ON_TCP, 'http', { ports: ['http'], operations: [CHARGE] }],
      ['a grant to no port', Code.GRANT, 'shop/cart', { ports: [] }],
      ['a grant of no operation, which would be one of all', Code.GRANT, 'operations', { operations: [] }],
      ['a grant under no claim, which would be one without a token', Code.GRANT, 'claims', { claims: [] }],
      [
        'a regular expression in a grant, which Istio cannot compare',
        Code.UNSUPPORTED,
        '/v[12]/.*',
        { ports: ['http'], operations: [Operation.http({ paths: [PathMatch.regex('/v[12]/.*')] })] },
      ],
    ] satisfies [string, Code, string, AllowOptions][]
  ).map(([input, code, value, options]) => ({
    input,
    code,
    value,
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { ports: PORTS }).access.allowFrom(app.service('frontend'), options);
    },
  })),
  ...(
    [
      ['methods', { methods: [], paths: [PathMatch.exact('/a')] }],
      ['paths', { methods: ['GET'], paths: [] }],
    ] satisfies [string, HttpOperationOptions][]
  ).map(([value, options]) => ({
    input: `an operation with a list of no ${value}, which would be one of all`,
    code: Code.OPERATION,
    value,
    provoke: () => Operation.http(options),
  })),
  {
    input: 'a grant to one of two ports that are one in the container',
    code: Code.GRANT,
    value: 'admin',
    provoke: () => {
      const app = new MeshApp();
      const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { containerPort: 8080, name: 'admin' })];
      app.service('cart', { ports }).access.allowFrom(app.service('frontend'), { ports: ['http'] });
    },
  },
  {
    input: 'a grant to a service without ports',
    code: Code.GRANT,
    value: 'shop/worker',
    provoke: () => {
      const app = new MeshApp();
      app.service('frontend').access.allowTo(app.service('worker', { ports: [] }));
    },
  },
  {
    input: 'a caller that is declared under another mesh',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () => {
      const app = new App();
      Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
      const chart = new Chart(app, 'bank', { namespace: 'bank' });
      const bank = new ZeroTrustNamespace(chart, 'Namespace', { name: 'bank' });
      const ledger = new MeshedService(chart, 'Ledger', { name: 'ledger', namespace: bank });
      new MeshApp().service('cart').access.allowFrom(ledger);
    },
  },
  {
    input: 'a grant to the Kubernetes API that opens more than named ports',
    code: Code.GRANT,
    value: 'shop/cart',
    provoke: () => new MeshApp().service('cart').access.allowFrom(Peer.kubernetesApi()),
  },
  {
    input: 'a call to the Kubernetes API limited by operations, which the mesh cannot see',
    code: Code.GRANT,
    value: 'shop/cart',
    provoke: () => new MeshApp().service('cart').access.allowTo(Peer.kubernetesApi(), { operations: [READ] }),
  },
  {
    input: 'a service of another app that this app opens to the Kubernetes API',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () =>
      MeshedService.fromRef(new MeshApp().chart, 'Ledger', {
        name: 'ledger',
        namespace: 'bank',
        serviceAccount: 'ledger',
        podLabels: { app: 'ledger' },
        ports: [Port.https(443)],
      }).access.allowFrom(Peer.kubernetesApi(), { ports: ['https'] }),
  },
  {
    input: 'a peer under service account default',
    code: Code.SERVICE_ACCOUNT_DEFAULT,
    value: 'default',
    provoke: () => Peer.serviceAccount('ops', 'default'),
  },
  {
    input: 'a peer with a name that Kubernetes refuses',
    code: Code.NAME,
    value: 'Ops',
    provoke: () => Peer.namespace('Ops'),
  },
  {
    input: 'a peer whose pod labels would select every pod',
    code: Code.LABELS,
    value: '{}',
    provoke: () => Peer.serviceAccount('ops', 'runbook', { podLabels: {} }),
  },
  {
    input: 'silently a NetworkPolicy that is wider than its grant',
    code: Code.NETWORK_WIDE,
    value: 'ops',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart').access.allowFrom(Peer.serviceAccount('ops', 'runbook'));
      return printed(() => app.objects());
    },
  },
  {
    input: 'an HTTP operation without conditions',
    code: Code.OPERATION,
    value: 'operations',
    provoke: () => Operation.http({}),
  },
  {
    input: 'an HTTP method in small letters',
    code: Code.OPERATION,
    value: 'get',
    provoke: () => Operation.http({ methods: ['get'] }),
  },
  {
    input: 'a gRPC service with a slash',
    code: Code.OPERATION,
    value: '/shop.Payment',
    provoke: () => Operation.grpc('/shop.Payment'),
  },
  {
    input: 'a gRPC method that is none',
    code: Code.OPERATION,
    value: 'Ch*',
    provoke: () => Operation.grpc('shop.Payment', 'Ch*'),
  },
  ...(
    [
      ['a path template with `{**}` before another operator', '/a/{**}/{*}', (path) => PathMatch.template(path)],
      ['a path template with an operator inside a segment', '/a/x{*}', (path) => PathMatch.template(path)],
      ['a path template without operator', '/a/b', (path) => PathMatch.template(path)],
      ['a path template with a star of its own', '/a/*/{*}', (path) => PathMatch.template(path)],
      ['a path template that does not start at the root', 'a/{*}', (path) => PathMatch.template(path)],
      ['an exact path that does not start at the root', 'api', (path) => PathMatch.exact(path)],
      ['a star in an exact path', '/api*', (path) => PathMatch.exact(path)],
      ['a query in a prefix', '/api?x=1', (path) => PathMatch.prefix(path)],
      ['white space in a prefix', '/a b', (path) => PathMatch.prefix(path)],
      ['a letter that clients encode', '/ä', (path) => PathMatch.exact(path)],
      ['a segment that is resolved before', '/a/../b', (path) => PathMatch.exact(path)],
      ['a segment at the end that is resolved before', '/a/.', (path) => PathMatch.prefix(path)],
      ['two slashes that may be one before', '/a//b', (path) => PathMatch.prefix(path)],
    ] satisfies [string, string, (path: string) => PathMatch][]
  ).map(([input, value, make]) => ({ input, code: Code.PATH, value, provoke: () => make(value) })),
  {
    input: 'an empty regular expression',
    code: Code.PATH,
    value: 'PathMatch.prefix',
    provoke: () => PathMatch.regex(''),
  },
];
