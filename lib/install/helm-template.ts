import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Code, MeshError } from '../errors';
import { parseDocuments } from '../manifests/documents';
import { parseManifests } from '../manifests/located';
import type { KubeObject } from '../manifests/objects';
import { textAt } from '../manifests/objects';
import { toYaml } from '../outputs/yaml';
import type { HelmCharts, HelmRelease } from './helm-release';

/** What `helm template` is called with, for every release. */
export interface HelmSettings {
  readonly helm: string;
  readonly kubernetesVersion: string;
  readonly apiVersions: readonly string[];
  /** Where the charts are; undefined where they come from their repository. */
  readonly folder: string | undefined;
}

/** The release of Helm from which on all is there that is used. */
const OLDEST = [3, 8] as const;

const HOW_TO_INSTALL =
  'install Helm 3.8 or later, 4.3 for example (https://helm.sh/docs/intro/install), or give its path as `helm` of `Delivery.rendered`; other deliveries need none';

/** The manifests of a release. */
export function renderChart(settings: HelmSettings, charts: HelmCharts, release: HelmRelease): readonly KubeObject[] {
  const args = [
    'template',
    release.name,
    ...chartArguments(settings, charts, release),
    '--namespace',
    release.namespace,
    '--include-crds',
    '--skip-tests',
    '--kube-version',
    settings.kubernetesVersion,
    ...settings.apiVersions.flatMap((version) => ['--api-versions', version]),
  ];
  const { objects, problems } = parseManifests(release.name, run(settings.helm, args, release));
  const [problem] = problems;
  if (problem === undefined) return objects.map(({ object }) => object);
  throw new MeshError(
    Code.HELM_FAILED,
    `what \`helm template\` made of \`${release.name}\` is no manifest: line ${problem.line}: ${problem.message}`,
    `correct the values of the chart \`${release.chart}\`, or use another chart`,
  );
}

function chartArguments({ folder }: HelmSettings, charts: HelmCharts, { chart, version }: HelmRelease): string[] {
  if (folder !== undefined) return [chartOnDisk(folder, chart, version)];
  return charts.repository.startsWith('oci://')
    ? [`${charts.repository}/${chart}`, '--version', version]
    : [chart, '--repo', charts.repository, '--version', version];
}

/** A chart in a folder of charts, of the version that is wanted: helm takes whatever is there. */
function chartOnDisk(folder: string, chart: string, version: string): string {
  const archive = resolve(folder, `${chart}-${version}.tgz`);
  if (existsSync(archive)) return archive;
  const file = resolve(folder, chart, 'Chart.yaml');
  if (!existsSync(file)) {
    throw new MeshError(
      Code.CHART_FOLDER,
      `there is no chart in \`${join(folder, chart)}\`: it has no \`Chart.yaml\``,
      `put the chart there, or \`${chart}-${version}.tgz\` into \`${folder}\`, or leave \`chartFolder\` out`,
    );
  }
  const [document] = parseDocuments(file, readFileSync(file, 'utf8')).documents;
  const found = textAt(document?.value, 'version');
  if (found === version) return resolve(folder, chart);
  throw new MeshError(
    Code.CHART_FOLDER,
    `the chart in \`${join(folder, chart)}\` has version \`${found ?? ''}\`, and \`${version}\` is to be installed`,
    'put the chart of that version there, or change `version`',
  );
}

/** Output goes through files: there is no end to how much it may be. */
function run(helm: string, args: readonly string[], release: HelmRelease): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-helm-'));
  const file = (name: string): string => join(folder, name);
  try {
    writeFileSync(file('values.yaml'), toYaml(release.values));
    const [out, err] = [openSync(file('out'), 'w'), openSync(file('err'), 'w')];
    const { error, status } = spawnSync(helm, [...args, '--values', file('values.yaml')], {
      stdio: ['ignore', out, err],
    });
    closeSync(out);
    closeSync(err);
    if (error !== undefined) throw missing(helm, error);
    if (status !== 0) throw tooOld(helm) ?? failed(release, readFileSync(file('err'), 'utf8'), args);
    return readFileSync(file('out'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function missing(helm: string, { message }: Error): MeshError {
  return new MeshError(
    Code.HELM_MISSING,
    `\`${helm}\`, which renders the charts, cannot be run: ${message}`,
    HOW_TO_INSTALL,
  );
}

/** Says of a helm that failed that it is too old. It is not asked before: most are not, and asking takes time. */
function tooOld(helm: string): MeshError | undefined {
  const { stdout } = spawnSync(helm, ['version', '--short'], { encoding: 'utf8' });
  const [, text, major, minor] = /\bv((\d+)\.(\d+)[\d.]*)/.exec(stdout) ?? [];
  if (text === undefined || Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) {
    return undefined;
  }
  return new MeshError(
    Code.HELM_MISSING,
    `\`${helm}\`, which renders the charts, is Helm \`${text}\`, which is too old`,
    HOW_TO_INSTALL,
  );
}

function failed({ name }: HelmRelease, said: string, args: readonly string[]): MeshError {
  const message = said.trim().replace(/^Error: /, '') || 'it says nothing';
  return new MeshError(
    Code.HELM_FAILED,
    `helm did not render \`${name}\`: ${message}`,
    `do what it says; it was called as \`helm ${args.join(' ')}\``,
  );
}
