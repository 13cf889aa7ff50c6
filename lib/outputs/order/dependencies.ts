import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Objects that must exist before other objects, because a construct depends on another one. */
export interface Dependency {
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/** What `addDependency` says anywhere in the tree. */
export function declaredDependencies(constructs: readonly IConstruct[]): readonly Dependency[] {
  const declared: Dependency[] = [];
  for (const source of constructs) {
    for (const target of source.node.dependencies) if (target !== source) declared.push({ source, target });
  }
  return declared;
}

/** The objects below a construct that belong to its own chart, as cdk8s divides them. */
export function objectsOf(construct: IConstruct): readonly ApiObject[] {
  const chart = chartOf(construct);
  return construct.node.findAll().filter((child): child is ApiObject => isObjectOf(child, chart));
}

/** The charts that must come before another one, by the dependencies and because a chart contains another. */
export function chartDependencies(charts: readonly Chart[], declared: readonly Dependency[]): readonly Dependency[] {
  const nested = charts.flatMap((source) =>
    source.node.children.filter((child) => Chart.isChart(child)).map((target) => ({ source, target })),
  );
  const crossing = declared.flatMap(({ source, target }) => {
    const [from, to] = [chartOf(source), chartOf(target)];
    return from === undefined || to === undefined || from === to ? [] : [{ source: from, target: to }];
  });
  return [...nested, ...crossing];
}

function chartOf(construct: IConstruct): Chart | undefined {
  return [...construct.node.scopes].reverse().find((scope): scope is Chart => Chart.isChart(scope));
}

function isObjectOf(construct: IConstruct, chart: Chart | undefined): boolean {
  return ApiObject.isApiObject(construct) && (chart === undefined || construct.chart === chart);
}
