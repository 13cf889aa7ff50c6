import type { ConnectionRouteIntent } from './connection-route';
import type { Layered } from './levels';
import type { Operation } from './operation';
import type { Port } from './port';
import type { ReleaseIntent } from './release';
import type { RouteIntent } from './route';

/** What routes lead to. */
export interface RouteTarget extends Layered {
  readonly name: string;
  readonly ports: readonly Port[];
  readonly streamingOperations: readonly Operation[];
  readonly routes: readonly RouteIntent[];
  readonly connections: readonly ConnectionRouteIntent[];
  readonly release?: ReleaseIntent;
}
