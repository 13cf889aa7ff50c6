import { readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { checkPaths, isFailure } from '../check/paths';
import type { Judged } from '../check/report';
import { Code, MeshError } from '../errors';
import { PROVENANCE_FILE, provenanceKey, takeProvenance } from '../manifests/provenance';
import { readEntries } from '../outputs/folder/entries';
import { INDEX_FILE } from '../outputs/folder/index-file';
import { requireFolder } from '../outputs/folder/refusals';
import { replaceFolder } from '../outputs/folder/replace-folder';
import { siblingOf } from '../outputs/folder/siblings';
import { count } from '../outputs/report/json';
import { textReport } from '../outputs/report/text';
import { today } from '../synthesis/today';
import { manifestProblems } from './check-manifests';
import type { Project } from './project';
import { readProject } from './project';
import type { Target } from './run-app';
import { runApp, runCdk8s } from './run-app';

// Recorded for those who judge the output only.
const JUDGES_FILES: readonly string[] = ['construct-metadata.json', PROVENANCE_FILE];

/** How to synthesize. */
export interface SynthOptions {
  readonly folder: string;
  /** Instead of what cdk8s.yaml says. */
  readonly output?: string;
  readonly validate: boolean;
}

/**
 * Runs the app of a project beside its output folder, checks what it wrote there, and replaces the folder only if all is well.
 * Returns the files.
 */
export function synth({ folder, output, validate }: SynthOptions): readonly string[] {
  const project = readProject(folder);
  const target = output ?? project.output;
  const real = requireFolder(resolve(folder, target));
  const beside = siblingOf(real, 'next');
  try {
    const contents = produce(project, { outdir: beside, output: real }, validate);
    if (validate) {
      requireValid(contents);
      if (!project.hasMeshValidation) requireWithoutFindings(beside);
    }
    replaceFolder(resolve(folder, target), contents);
    return [...contents.keys()].map((file) => join(target, file));
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function produce(project: Project, target: Target, validate: boolean): ReadonlyMap<string, Buffer> {
  const { outdir: beside } = target;
  const plugins = validate && project.hasPlugins;
  if (plugins || project.isHelmChart) runCdk8s(project, target, plugins);
  else runApp(project, target, validate);
  const files = [...readEntries(beside).files].filter(
    (file) => file !== INDEX_FILE && !(validate && JUDGES_FILES.includes(file)),
  );
  return new Map(files.sort().map((file) => [file, readFileSync(join(beside, file))]));
}

function requireValid(contents: ReadonlyMap<string, Buffer>): void {
  const problems = [...contents]
    .filter(([file]) => /\.ya?ml$/.test(file) && file !== 'Chart.yaml')
    .flatMap(([file, content]) => manifestProblems(file, content.toString('utf8')));
  if (problems.length > 0) {
    throw new MeshError(
      Code.OUTPUT_INVALID,
      `an API server would refuse the manifests, and the output is as it was:\n  ${problems.join('\n  ')}\n`,
      'correct the props or patches of these objects',
    );
  }
}

/** What a plugin would do, for a project that has not named it; warnings are shown only. */
function requireWithoutFindings(folder: string): void {
  const provenance = takeProvenance([join(folder, INDEX_FILE)]);
  const options = { paths: [folder], complete: false, context: [] };
  const report = checkPaths(options, today(), ({ object }) => provenance[provenanceKey(object)]);
  if (!isFailure(report, 'warning')) return;
  const isRefused = isFailure(report, 'error');
  const shown = { ...report, findings: report.findings.map((judged) => inOutput(judged, folder)), leftAlone: [] };
  process.stderr.write(textReport(shown, { colors: false }, today()));
  if (!isRefused) return;
  throw new MeshError(
    Code.OUTPUT_INVALID,
    `the mesh would punish \`${count(report.findings, 'error')}\` mistakes in the manifests, and the output is as it was`,
    'correct them, or waive them with a reason and a day',
  );
}

/** Nobody shall look for the folder in which the output was prepared. */
function inOutput(judged: Judged, folder: string): Judged {
  const { file } = judged.finding;
  return { ...judged, finding: { ...judged.finding, file: file === null ? null : relative(folder, file) } };
}
