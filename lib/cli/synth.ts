import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Code, MeshError } from '../errors';
import { readEntries } from '../outputs/folder/entries';
import { INDEX_FILE } from '../outputs/folder/index-file';
import { requireFolder } from '../outputs/folder/refusals';
import { replaceFolder } from '../outputs/folder/replace-folder';
import { siblingOf } from '../outputs/folder/siblings';
import { manifestProblems } from './check-manifests';
import type { Project } from './project';
import { readProject } from './project';
import type { Target } from './run-app';
import { runApp, runCdk8s } from './run-app';

// Recorded for the plugins only.
const PLUGIN_FILE = 'construct-metadata.json';

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
    if (validate) requireValid(contents);
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
  else runApp(project, target);
  const files = [...readEntries(beside).files].filter(
    (file) => file !== INDEX_FILE && !(plugins && file === PLUGIN_FILE),
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
