import type { Chart } from 'cdk8s';
import { cycleError } from './cycle-error';
import type { Dependency } from './dependencies';
import { Graph } from './graph';
import { ranks } from './ranks';

/** The charts, each after those that it depends on, otherwise by path. */
export function chartsInOrder(charts: readonly Chart[], dependencies: readonly Dependency[]): Chart[] {
  const graph = new Graph();
  const vertexOf = new Map(charts.map((chart) => [chart, graph.add()]));
  for (const { source, target } of dependencies) {
    const [then, first] = [vertexOf.get(source as Chart), vertexOf.get(target as Chart)];
    if (then !== undefined && first !== undefined) graph.connect(first, then);
  }
  const rank = ranks(charts.map(({ node }) => node.path));
  const order = graph.sorted((vertex) => rank[vertex] ?? 0);
  if (order.length < charts.length) throw cycleError(graph.cycle(order).map((vertex) => charts[vertex]));
  return order.flatMap((vertex) => charts[vertex] ?? []);
}
