import { Chart, Names } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../../errors';
import type { Dependency } from '../order/dependencies';
import { Graph } from '../order/graph';
import type { Placed } from '../order/object-order';
import { prerequisites } from '../order/prerequisites';
import { joinDocuments, toYaml } from '../yaml';
import type { FluxUnits } from './options';

/** The folder of the units, which no chart can have for its own. */
export const FLUX_FOLDER = '_flux';

/** Flux takes the name of a unit for a label, too. */
const LONGEST_NAME = 63;

/** Which charts a chart comes after. */
type After = ReadonlyMap<Chart, ReadonlySet<Chart>>;

/**
 * The units as YAML: a `Kustomization` of Flux for the folder of each chart, which waits for the units of the charts that it needs.
 * Fails where charts need each other. https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function unitsYaml(units: FluxUnits, objects: readonly Placed[], dependencies: readonly Dependency[]): string {
  const charts = [...new Set(objects.map(({ apiObject }) => apiObject.chart))];
  const after = afterOf(objects, dependencies);
  requireOrder(charts, after);
  const written = charts
    .map((chart) => unitJson(units, chart, [...nearest(chart, after, new Set(charts))]))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return joinDocuments(written.map((unit) => toYaml(unit)));
}

function unitJson(units: FluxUnits, chart: Chart, needed: readonly Chart[]) {
  const { namespace, interval, path, prune, sourceKind, sourceName } = units;
  const dependsOn = needed
    .map((each) => unitName(units, each))
    .sort()
    .map((name) => ({ name }));
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: unitName(units, chart), namespace },
    spec: {
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
      interval,
      path: `${path}/${Names.toDnsLabel(chart)}`,
      prune,
      sourceRef: { kind: sourceKind, name: sourceName },
      // Those that depend on it come when its objects are ready, not when they are sent.
      wait: true,
    },
  };
}

function unitName({ name }: FluxUnits, chart: Chart): string {
  const whole = `${name}-${Names.toDnsLabel(chart)}`;
  if (whole.length <= LONGEST_NAME) return whole;
  throw new MeshError(
    Code.OUTPUT_OPTION,
    `the unit of chart \`${chart.node.path}\` would be called \`${whole}\`, which has ${whole.length} characters, and Flux takes ${LONGEST_NAME}`,
    'give `fluxUnits` a shorter `name`, or the chart a shorter id',
  );
}

/** What charts say of each other, and what objects of one need in another. */
function afterOf(objects: readonly Placed[], dependencies: readonly Dependency[]): After {
  const after = new Map<Chart, Set<Chart>>();
  const add = (chart?: IConstruct, needed?: IConstruct): void => {
    if (!Chart.isChart(chart) || !Chart.isChart(needed) || chart === needed) return;
    after.set(chart, (after.get(chart) ?? new Set<Chart>()).add(needed));
  };
  dependencies.forEach(({ source, target }) => add(source, target));
  for (const [first, then] of prerequisites(objects.map(({ manifest }) => manifest))) {
    add(objects[then]?.apiObject.chart, objects[first]?.apiObject.chart);
  }
  return after;
}

/** The charts with a unit that a chart waits for; those without hand on what they wait for themselves. */
function nearest(chart: Chart, after: After, withUnit: ReadonlySet<Chart>): ReadonlySet<Chart> {
  const found = new Set<Chart>();
  const seen = new Set<Chart>();
  const waiting = [...(after.get(chart) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (withUnit.has(next)) found.add(next);
    else waiting.push(...(after.get(next) ?? []));
  }
  return found;
}

function requireOrder(charts: readonly Chart[], after: After): void {
  const all = [...new Set([...charts, ...after.keys(), ...[...after.values()].flatMap((needed) => [...needed])])];
  const graph = new Graph();
  const vertices = new Map(all.map((chart) => [chart, graph.add()]));
  for (const [chart, needed] of after) {
    for (const first of needed) graph.connect(vertices.get(first) ?? 0, vertices.get(chart) ?? 0);
  }
  const order = graph.sorted((vertex) => vertex);
  if (order.length === all.length) return;
  const paths = graph.cycle(order).flatMap((vertex) => all[vertex]?.node.path ?? []);
  throw new MeshError(
    Code.DEPENDENCY_CYCLE,
    `charts ${quoted(paths.sort())} need each other, so that Flux can apply none of them first`,
    'put what both need, such as a Namespace, into a chart of its own, or remove an `addDependency`',
  );
}
