import type { AppProps } from 'cdk8s';
import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { KubeObject } from '../manifests/objects';
import { replaceFolder } from './folder/replace-folder';
import type { FluxUnits, FluxUnitsOptions } from './flux/options';
import { fluxUnits } from './flux/options';
import { FLUX_FOLDER, unitsYaml } from './flux/units';
import { requireDistinct } from './identities';
import type { OutputFile } from './layout/files';
import { toFiles } from './layout/files';
import { KUSTOMIZATION_FILE, kustomization } from './layout/kustomization';
import { OutputLayout, layoutOf } from './layout/output-layout';
import { withSyncWave } from './layout/sync-wave';
import { toManifest } from './manifest';
import { chartsInOrder } from './order/chart-order';
import { chartDependencies, declaredDependencies } from './order/dependencies';
import type { Placed } from './order/object-order';
import { inOrder } from './order/object-order';
import { sideFiles, writesSideFiles } from './side-file';
import { tokensOf } from './tokens';
import { joinDocuments, toYaml } from './yaml';

const METADATA_FILE = 'construct-metadata.json';

/** Props of a {@link MeshApp}: those of cdk8s, and how the output is laid out. */
export interface MeshAppProps extends AppProps {
  /**
   * How objects are divided into files. Not together with `yamlOutputType`.
   * @default - what `yamlOutputType` says, and without it one file for each chart
   */
  readonly layout?: OutputLayout;
  /**
   * Whether to write a `kustomization.yaml` that lists the files in their order.
   * @default false
   */
  readonly kustomization?: boolean;
  /**
   * Whether objects that need others get an `argocd.argoproj.io/sync-wave` that comes after them: a namespace before what is in
   * it, the definition of a kind before its objects, rules that define a subset before routes to it, and whatever `addDependency`
   * says.
   * @default false
   */
  readonly argoCdSyncWaves?: boolean;
  /**
   * Writes a `Kustomization` of Flux for each chart into the folder `_flux`, which waits for those of the charts that it needs: by
   * `addDependency`, and because a namespace, the definition of a kind or the subset of a route is in them. The layout is then
   * `OutputLayout.PER_CHART_AND_RESOURCE`.
   * @default - no units of Flux
   */
  readonly fluxUnits?: FluxUnitsOptions;
}

/**
 * A cdk8s `App` whose output is the same whatever the order of construction, replaced as a whole or not at all, and synthesized in
 * a time that grows with its size.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * new Chart(app, 'shop', { namespace: 'shop' });
 * app.synth();
 */
export class MeshApp extends App {
  private readonly layout: OutputLayout;
  private readonly withKustomization: boolean;
  private readonly withSyncWaves: boolean;
  private readonly withMetadata: boolean;
  private readonly fluxUnits: FluxUnits | undefined;

  constructor(props: MeshAppProps = {}) {
    super(props);
    if (props.layout !== undefined && props.yamlOutputType !== undefined) {
      throw new MeshError(
        Code.OUTPUT_OPTION,
        '`layout` and `yamlOutputType` both say how objects are divided into files',
        'give one of them',
      );
    }
    if (props.layout !== undefined && !Object.values(OutputLayout).includes(props.layout)) {
      throw new MeshError(
        Code.OUTPUT_OPTION,
        `\`layout\` is \`${String(props.layout)}\``,
        'use a value of `OutputLayout`',
      );
    }
    writesSideFiles(this);
    this.fluxUnits = props.fluxUnits === undefined ? undefined : fluxUnits(props.fluxUnits);
    this.layout =
      props.fluxUnits === undefined ? (props.layout ?? layoutOf(this.yamlOutputType)) : layoutOfUnits(props);
    this.withKustomization = props.kustomization ?? false;
    this.withSyncWaves = props.argoCdSyncWaves ?? false;
    this.withMetadata = props.recordConstructMetadata ?? process.env['CDK8S_RECORD_CONSTRUCT_METADATA'] === 'true';
  }

  /** The charts, each after those that it depends on, otherwise by path. */
  override get charts(): Chart[] {
    const { charts, dependencies } = chartGraph(this.node.findAll());
    return chartsInOrder(charts, dependencies);
  }

  /** Writes the manifests of all charts to the output folder, which is replaced as a whole or not at all. */
  override synth(): void {
    const { constructs, objects } = this.resolved();
    const { charts, dependencies } = chartGraph(constructs);
    const numbered = dependencies.length > 0 && this.fluxUnits === undefined;
    const names = { charts: chartsInOrder(charts, dependencies), numbered };
    const files = toFiles(objects, this.layout, names, this.outputFileExtension);
    const contents = this.contents(files, objects);
    if (this.fluxUnits !== undefined) {
      contents.set(`${FLUX_FOLDER}/units${this.outputFileExtension}`, unitsYaml(this.fluxUnits, objects, dependencies));
    }
    replaceFolder(this.outdir, new Map([...contents, ...sideFiles(constructs, contents)]));
  }

  /** The manifests of all charts as one stream of YAML documents. */
  override synthYaml(): string {
    return this.text(this.resolved().objects);
  }

  /**
   * The manifests of all charts, in order.
   * @internal
   */
  _manifests(): readonly KubeObject[] {
    return this.resolved().objects.map(({ manifest }) => manifest);
  }

  private resolved(): { readonly constructs: readonly IConstruct[]; readonly objects: readonly Placed[] } {
    validate(this.node.findAll());
    // Constructs take their last shape when they are validated.
    const constructs = this.node.findAll();
    const tokens = tokensOf(this);
    const objects = constructs
      .filter((construct) => ApiObject.isApiObject(construct))
      .map((apiObject) => ({ apiObject, manifest: toManifest(apiObject, tokens(apiObject)) }));
    const placed = inOrder(objects, declaredDependencies(constructs));
    requireDistinct(placed);
    return { constructs, objects: placed };
  }

  private contents(files: readonly OutputFile[], objects: readonly Placed[]): Map<string, string> {
    const contents = new Map(files.map(({ path, objects: inFile }) => [path, this.text(inFile)]));
    if (this.withKustomization) contents.set(KUSTOMIZATION_FILE, kustomization(files.map(({ path }) => path)));
    if (this.withMetadata) contents.set(METADATA_FILE, constructMetadata(objects));
    return contents;
  }

  private text(objects: readonly Placed[]): string {
    return joinDocuments(
      objects.map(({ manifest, wave }) => toYaml(this.withSyncWaves ? withSyncWave(manifest, wave) : manifest)),
    );
  }
}

/** Flux takes folders, and one for each chart is what units divide the output into. */
function layoutOfUnits({ layout, yamlOutputType, kustomization: whole = false }: MeshAppProps): OutputLayout {
  const said =
    layout ?? (yamlOutputType === undefined ? OutputLayout.PER_CHART_AND_RESOURCE : layoutOf(yamlOutputType));
  if (said !== OutputLayout.PER_CHART_AND_RESOURCE) {
    throw new MeshError(
      Code.OUTPUT_OPTION,
      `the layout is \`${said}\`, and \`fluxUnits\` needs a folder for each chart`,
      'leave `layout` and `yamlOutputType` out, or say `OutputLayout.PER_CHART_AND_RESOURCE`',
    );
  }
  if (whole) {
    throw new MeshError(
      Code.OUTPUT_OPTION,
      '`kustomization` makes one unit of the whole output, and `fluxUnits` divides it',
      'give one of them',
    );
  }
  return said;
}

function chartGraph(constructs: readonly IConstruct[]) {
  const charts = constructs.filter((construct) => Chart.isChart(construct));
  return { charts, dependencies: chartDependencies(charts, declaredDependencies(constructs)) };
}

/** Fails as cdk8s does, with everything that the constructs have to say. */
function validate(constructs: readonly IConstruct[]): void {
  const errors: string[] = [];
  for (const { node } of constructs) for (const error of node.validate()) errors.push(`[${node.path}] ${error}`);
  if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
}

/** What plugins of the cdk8s CLI look up constructs in. */
function constructMetadata(objects: readonly Placed[]): string {
  const resources = Object.fromEntries(objects.map(({ apiObject }) => [apiObject.name, { path: apiObject.node.path }]));
  return JSON.stringify({ version: '1.0.0', resources });
}
