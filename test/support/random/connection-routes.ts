import type { ConnectionMatchProps, ConnectionRouteOptions, ForwardOptions } from '../../../lib';
import { ConnectionMatch, RouteAction } from '../../../lib';
import { caller } from './matches';
import {
  always,
  become,
  factories,
  listOf,
  mostly,
  named,
  ofWorld,
  often,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any, World } from './world';

const store = ofWorld('store', (world: World): NonNullable<ForwardOptions['service']> => world.store);
const name = values(
  Array.from({ length: 60 }, (_, index) => `connection-${index}`),
  ['Route', ''],
);
const serverNames = listOf(
  values(['a.example.com', 'b.example.com', 'cart.example.com'], ['cart', '*.example.com']),
  1,
  2,
);
const matching = (props: Any<ConnectionMatchProps>) =>
  factories<typeof ConnectionMatch>('ConnectionMatch')({
    allOf: become(props, 'ConnectionMatch.allOf', (made) => ConnectionMatch.allOf(made)),
  });
const byCaller = matching(
  part<ConnectionMatchProps>('ConnectionMatchProps')({ callers: always(listOf(caller, 1, 2)) }),
);
const byName = matching(
  struct<ConnectionMatchProps>('ConnectionMatchProps')({
    callers: seldom(listOf(caller, 1, 1)),
    serverNames: always(serverNames),
  }),
);
const forward = named(
  'RouteAction.forward',
  become(
    part<ForwardOptions>('ForwardOptions')({ service: always(store), port: always(values(['tcp', 'tls'], ['none'])) }),
    'RouteAction.forward',
    (options) => RouteAction.forward(options),
  ),
);
const route = part<ConnectionRouteOptions>('ConnectionRouteOptions');

/** Routes for connections to a service with a port that tells no names, and one that does. */
export const connectionRoutes: Any<ConnectionRouteOptions> = weighted(
  [
    3,
    route({
      name: always(name),
      ports: often(values([['redis'], ['tls'], ['redis', 'tls']], [['none'], []])),
      matches: always(listOf(byCaller, 1, 2)),
      action: mostly(forward),
    }),
  ],
  [
    4,
    route({
      name: always(name),
      ports: always(values([['tls']], [['redis']])),
      matches: always(listOf(byName, 1, 2)),
      action: mostly(forward),
    }),
  ],
  [
    1,
    struct<ConnectionRouteOptions>('ConnectionRouteOptions')({
      name: always(name),
      ports: often(values([['redis']])),
      matches: mostly(listOf(byCaller, 1, 1)),
      action: mostly(forward),
    }),
  ],
);
