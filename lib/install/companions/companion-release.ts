import type { Construct } from 'constructs';
import type { Problem } from '../../errors';
import { Code, MeshError, describeProblem } from '../../errors';
import type { Shape } from '../../intent/given';
import { givenShape } from '../../intent/given';
import { requireDnsLabel } from '../../intent/names';
import { isQuantity } from '../../options/proxy';
import { requireRepository } from '../chart-repository';
import type { Values } from '../helm-release';
import { limit } from '../limits';
import { mergeValues } from '../merge-values';
import type { CompanionChart } from './companion-chart';
import { requireChartVersion } from './companion-chart';
import type { CompanionProps, CompanionResources } from './companion-props';

/** The release of a companion: its name is also that of what it consists of. */
export interface CompanionRelease {
  readonly chart: CompanionChart;
  readonly name: string;
  readonly namespace: string;
}

/** What every companion is given. */
export const COMPANION_SHAPE: Shape<CompanionProps> = {
  delivery: 'made:_deliver',
  chartVersion: 'text',
  chartRepository: 'text?',
  values: 'object?',
  resources: 'object?',
};

/** What was installed, to find out what cannot stand beside each other. */
const INSTALLED = new WeakMap<object, CompanionRelease & { readonly cluster: string }>();

/** Has a companion installed below a construct. */
export function installCompanion(
  construct: Construct,
  release: CompanionRelease,
  { delivery, chartVersion, chartRepository, values }: CompanionProps,
  options: Values,
): void {
  const { chart, name, namespace } = release;
  requireDnsLabel(`name of \`${construct.node.path}\``, name);
  requireDnsLabel(`namespace of \`${construct.node.path}\``, namespace);
  if (delivery._onlyMesh !== undefined) {
    throw limit(
      `${delivery._onlyMesh} installs no chart \`${chart.name}\`, which \`${construct.node.path}\` asks for`,
      'give it another `delivery`, for example `Delivery.argoCd()`',
    );
  }
  INSTALLED.set(construct, { ...release, cluster: delivery._cluster });
  construct.node.addValidation({ validate: () => collisions(construct).map(describeProblem) });
  delivery._deliver(construct, {
    // Its own name, since several may come from one project.
    charts: {
      name,
      repository: requireRepository(chartRepository ?? chart.repository),
      isChosen: chartRepository !== undefined,
    },
    releases: [
      {
        name,
        namespace,
        chart: chart.name,
        version: requireChartVersion(chart, chartVersion),
        values: mergeValues('values', options, values ?? {}),
        after: [],
      },
    ],
    ownFields: chart.ownFields,
  });
}

/** Resources as Kubernetes has them; undefined where nothing is said. */
export function resourceValues(resources: CompanionResources = {}): Values | undefined {
  const { cpuRequest, memoryRequest, memoryLimit } = givenShape('`resources` of a companion', resources, {
    cpuRequest: 'text?',
    memoryRequest: 'text?',
    memoryLimit: 'text?',
  });
  requireQuantity('cpuRequest', cpuRequest);
  requireQuantity('memoryRequest', memoryRequest);
  requireQuantity('memoryLimit', memoryLimit);
  const requests = {
    ...(cpuRequest === undefined ? {} : { cpu: cpuRequest }),
    ...(memoryRequest === undefined ? {} : { memory: memoryRequest }),
  };
  const values = {
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(memoryLimit === undefined ? {} : { limits: { memory: memoryLimit } }),
  };
  return Object.keys(values).length === 0 ? undefined : values;
}

function requireQuantity(field: string, value: string | undefined): void {
  if (value === undefined || isQuantity(value)) return;
  throw new MeshError(
    Code.QUANTITY,
    `\`${field}\` of a companion is \`${value}\`, which is no quantity`,
    'write it as Kubernetes does, for example `500m` or `2Gi`',
  );
}

/** Companions further on in the tree that cannot be in one cluster with this one. */
function collisions(construct: Construct): readonly Problem[] {
  const all = construct.node.root.node.findAll().filter((other) => INSTALLED.has(other));
  const self = INSTALLED.get(construct);
  return all.slice(all.indexOf(construct) + 1).flatMap((other) => {
    const release = INSTALLED.get(other);
    if (self === undefined || release?.cluster !== self.cluster) return [];
    const both = `\`${construct.node.path}\` and \`${other.node.path}\``;
    if (self.chart.onceInCluster && release.chart === self.chart) {
      return [
        {
          code: Code.COMPANION,
          message: `${both} install the chart \`${self.chart.name}\` in one cluster, which has what it owns once`,
          fix: 'keep one of them',
        },
      ];
    }
    return release.name === self.name
      ? [
          {
            code: Code.COMPANION,
            message: `${both} are both named \`${self.name}\``,
            fix: 'give one of them another `name`',
          },
        ]
      : [];
  });
}
