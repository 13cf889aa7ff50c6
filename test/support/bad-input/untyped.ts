import {
  CanaryRelease,
  HttpMatch,
  MeshedService,
  Mirror,
  PathMatch,
  Peer,
  Port,
  RateLimit,
  Timeout,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const matches = [HttpMatch.allOf({ path: PathMatch.exact('/a') })];
const cart = () => new MeshApp().service('cart');

function release(props: object): () => unknown {
  return () => {
    const app = new MeshApp();
    return new CanaryRelease(app.chart, 'Release', untyped({ service: app.service('cart'), ...props }));
  };
}

/** A service of another app, which has no pods here. */
function foreign(): unknown {
  const app = new MeshApp();
  const ledger = MeshedService.fromRef(app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger',
    ports: [Port.http(80)],
    podLabels: { app: 'ledger' },
  });
  return new CanaryRelease(app.chart, 'Release', untyped({ service: ledger, stable: { version: 'v1' } }));
}

const REFUSED: readonly [string, string, () => unknown][] = [
  ['a release with a stable version of no name', 'version', release({ stable: {} })],
  ['a release whose candidate is null', 'candidate', release({ stable: { version: 'v1' }, candidate: null })],
  ['a release whose plan is null', 'plan', release({ stable: { version: 'v1' }, plan: null })],
  ['a release of a service of another app', 'MeshedServiceRef', foreign],
  ['a route without matches', 'matches', () => cart().addRoute(untyped({ name: 'a' }))],
  ['a rate limit without a time', 'Duration', () => RateLimit.perPod(untyped({ requests: 1 }))],
  ['a number as a duration', '5', () => Timeout.of(untyped(5))],
  [
    'a number as the value of a header',
    '1',
    () => cart().addRoute({ name: 'a', matches, requestHeaders: { set: untyped({ 'x-a': 1 }) } }),
  ],
  ['a mirror to nothing', 'Peer', () => Mirror.toService(untyped(undefined), { percent: 1 })],
  ['a text as a list', 'ports', () => cart().access.allowFrom(Peer.namespace('ops'), { ports: untyped('http') })],
];

export const UNTYPED: readonly Provocation[] = REFUSED.map(([input, value, provoke]) => ({
  input,
  code: Code.TYPE,
  value,
  provoke,
}));
