import { Duration } from 'cdk8s';
import { Code, MeshError, quoted } from '../../errors';

/** What holds the output, as Flux reads it. */
export enum FluxSourceKind {
  /** A Git repository. */
  GIT_REPOSITORY = 'GitRepository',
  /** An OCI repository. */
  OCI_REPOSITORY = 'OCIRepository',
  /** A bucket of an object storage. */
  BUCKET = 'Bucket',
}

/** How Flux applies the output: chart by chart, each after those that it needs. */
export interface FluxUnitsOptions {
  /** What the names of the units begin with, such as the name of the app. */
  readonly name: string;
  /** Name of the source that holds the output, in the namespace of the units. */
  readonly sourceName: string;
  /**
   * Kind of that source.
   * @default FluxSourceKind.GIT_REPOSITORY
   */
  readonly sourceKind?: FluxSourceKind;
  /**
   * Where the output folder is in the source, from its root.
   * @default ./dist
   */
  readonly path?: string;
  /**
   * Namespace of the units.
   * @default flux-system
   */
  readonly namespace?: string;
  /**
   * How often Flux compares the cluster with the source.
   * @default Duration.minutes(10)
   */
  readonly interval?: Duration;
  /**
   * Whether Flux deletes what a unit no longer has.
   * @default true
   */
  readonly prune?: boolean;
}

/** Units as they are written. */
export interface FluxUnits extends Required<Omit<FluxUnitsOptions, 'interval'>> {
  /** As Flux writes durations. */
  readonly interval: string;
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The options with what they leave out. */
export function fluxUnits(options: FluxUnitsOptions): FluxUnits {
  requireOption(
    typeof options === 'object' && (options as FluxUnitsOptions | null) !== null,
    '`fluxUnits` has no options',
    'give `name` and `sourceName`',
  );
  const { name, sourceName, sourceKind = FluxSourceKind.GIT_REPOSITORY, path = './dist', prune = true } = options;
  const { namespace = 'flux-system', interval = Duration.minutes(10) } = options;
  requireName('name', name);
  requireName('sourceName', sourceName);
  requireName('namespace', namespace);
  requireOption(
    Object.values(FluxSourceKind).includes(sourceKind),
    `\`sourceKind\` of \`fluxUnits\` is \`${sourceKind}\``,
    `give one of ${quoted(Object.values(FluxSourceKind))}`,
  );
  requireOption(
    typeof (path as unknown) === 'string' && path !== '' && !path.startsWith('/') && !path.split('/').includes('..'),
    `\`path\` of \`fluxUnits\` is \`${path}\`, which is no folder below the root of a source`,
    'write it from the root, such as `./clusters/production/dist`',
  );
  requireOption(
    typeof (interval as Partial<Duration> | null)?.toSeconds === 'function',
    '`interval` of `fluxUnits` is no duration',
    'give a `Duration` of cdk8s, such as `Duration.minutes(10)`',
  );
  requireOption(
    typeof (prune as unknown) === 'boolean',
    `\`prune\` of \`fluxUnits\` is \`${String(prune)}\``,
    'give `true` or `false`',
  );
  const seconds = interval.toSeconds({ integral: false });
  requireOption(
    Number.isInteger(seconds) && seconds > 0,
    `\`interval\` of \`fluxUnits\` is ${seconds} seconds`,
    'give whole seconds, such as `Duration.minutes(10)`',
  );
  return { name, sourceName, sourceKind, path: path.replace(/\/+$/, ''), namespace, prune, interval: written(seconds) };
}

function written(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function requireName(field: string, value: string): void {
  requireOption(
    typeof (value as unknown) === 'string' && DNS_LABEL.test(value),
    `\`${field}\` of \`fluxUnits\` is \`${value}\`, which is no name of Kubernetes`,
    'use small letters, digits and dashes, at most 63',
  );
}

function requireOption(holds: boolean, what: string, fix: string): void {
  if (!holds) throw new MeshError(Code.OUTPUT_OPTION, what, fix);
}
