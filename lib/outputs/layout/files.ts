import type { Chart } from 'cdk8s';
import { Names } from 'cdk8s';
import { Code, MeshError } from '../../errors';
import type { Placed } from '../order/object-order';
import { namespaceFileName, resourceFileName } from './file-names';
import { OutputLayout } from './output-layout';

/** A file of the output and what is in it, in order. */
export interface OutputFile {
  /** Below the output folder, with `/` between folders. */
  readonly path: string;
  readonly objects: readonly Placed[];
}

/** How the charts of an app are put in order, and whether the names of their files must show it. */
export interface ChartNames {
  readonly charts: readonly Chart[];
  readonly numbered: boolean;
}

/** Divides objects into files. Fails where two charts or two objects would land in one file. */
export function toFiles(
  objects: readonly Placed[],
  layout: OutputLayout,
  chartNames: ChartNames,
  extension: string,
): readonly OutputFile[] {
  const chartName = namesOfCharts(chartNames);
  const files = new Map<string, { readonly owner: string; readonly path: string; readonly objects: Placed[] }>();
  for (const object of objects) {
    const { owner, name } = place(object, layout, chartName);
    const path = `${name}${extension}`;
    // Some file systems do not tell upper from lower case.
    const key = path.toLowerCase();
    const file = files.get(key) ?? { owner, path, objects: [] };
    if (file.owner !== owner) throw collision(path, file.owner, owner);
    file.objects.push(object);
    files.set(key, file);
  }
  return [...files.values()].map((file) => ({ path: file.path, objects: file.objects }));
}

function place(
  { apiObject, manifest }: Placed,
  layout: OutputLayout,
  chartName: (chart: Chart) => string,
): { readonly owner: string; readonly name: string } {
  const { chart, node } = apiObject;
  const resource = (): string => resourceFileName(manifest, manifest.metadata?.name ?? apiObject.name);
  switch (layout) {
    case OutputLayout.PER_APP:
      return { owner: 'the app', name: 'app' };
    case OutputLayout.PER_CHART:
      return { owner: chart.node.path, name: chartName(chart) };
    case OutputLayout.PER_NAMESPACE:
      return { owner: namespaceFileName(manifest), name: namespaceFileName(manifest) };
    case OutputLayout.PER_RESOURCE:
      return { owner: node.path, name: resource() };
    case OutputLayout.PER_CHART_AND_RESOURCE:
      return { owner: node.path, name: `${chartName(chart)}/${resource()}` };
  }
}

/** The names that cdk8s gives: with a number in front where the order of the files matters. */
function namesOfCharts({ charts, numbered }: ChartNames): (chart: Chart) => string {
  const names = new Map(
    charts.map((chart, index) => {
      const name = Names.toDnsLabel(chart);
      return [chart, numbered ? `${String(index).padStart(4, '0')}-${name}` : name];
    }),
  );
  return (chart) => names.get(chart) ?? Names.toDnsLabel(chart);
}

function collision(path: string, first: string, second: string): MeshError {
  return new MeshError(
    Code.FILE_TWICE,
    `\`${first}\` and \`${second}\` would both be written to \`${path}\``,
    'rename one of them, or choose another `layout`',
  );
}
