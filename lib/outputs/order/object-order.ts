import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KubeObject } from '../../manifests/objects';
import { cycleError } from './cycle-error';
import type { Dependency } from './dependencies';
import { DependencyEdges } from './dependency-edges';
import { Graph } from './graph';
import { SortKeys } from './sort-keys';
import { prerequisites } from './prerequisites';
import { ranks } from './ranks';

/** An object of the tree and what it becomes. */
export interface Resolved {
  readonly apiObject: ApiObject;
  readonly manifest: KubeObject;
}

/** An object in its place. */
export interface Placed extends Resolved {
  /** How many steps of objects must exist before it. */
  readonly wave: number;
}

/** The objects in an order in which a cluster takes them, whatever the order of their construction. */
export function inOrder(objects: readonly Resolved[], declared: readonly Dependency[]): readonly Placed[] {
  const keys = new SortKeys();
  const rank = ranks(objects.map(({ apiObject, manifest }) => keys.of(manifest, apiObject.node.path)));
  const needed = prerequisites(objects.map(({ manifest }) => manifest));
  if (declared.length === 0 && needed.length === 0) return byRank(objects, rank);

  const graph = new Graph();
  const names: IConstruct[] = objects.map(({ apiObject }) => apiObject);
  objects.forEach(() => graph.add());
  for (const [first, then] of needed) graph.connect(first, then);
  new DependencyEdges(graph, names).connect(declared);
  // What is no object only ties objects together, and never waits.
  const order = graph.sorted((vertex) => rank[vertex] ?? -1);
  if (order.length < names.length) throw cycleError(graph.cycle(order).map((vertex) => names[vertex]));
  const waves = graph.depths(order, (vertex) => vertex < objects.length);
  return order.flatMap((vertex) => {
    const object = objects[vertex];
    return object === undefined ? [] : [{ ...object, wave: waves[vertex] ?? 0 }];
  });
}

function byRank(objects: readonly Resolved[], rank: readonly number[]): readonly Placed[] {
  const result: Placed[] = [];
  objects.forEach((object, index) => (result[rank[index] ?? 0] = { ...object, wave: 0 }));
  return result;
}
