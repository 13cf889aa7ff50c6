import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { env } from 'node:process';
import { Code, MeshError } from '../errors';

/** Set by `cdk8s-mesh synth`, under which apps write to another folder than the one that is the output in the end. */
export const OUTPUT_VARIABLE = 'CDK8S_MESH_OUTPUT';

const MOST_LINKS = 40;

/** Refuses a folder of what ran before that is not there, or that is emptied before anybody can read it. */
export function requirePrevious(previous: string, outdir: string | undefined): string {
  const folder = realPath(previous);
  const outputs = [outdir, env[OUTPUT_VARIABLE], env['CDK8S_OUTDIR']].filter(
    (path) => path !== undefined && path !== '',
  );
  for (const output of outputs as readonly string[]) {
    const relation = relationOf(folder, realPath(output));
    if (relation !== undefined) {
      throw problem(
        `\`previous: '${previous}'\` ${relation} the output folder \`${output}\`, which \`cdk8s synth\` empties before the app can read it`,
        'copy what ran before into a folder of its own, for example `.mesh/previous`',
      );
    }
  }
  if (!existsSync(folder)) {
    throw problem(
      `the folder of \`previous: '${previous}'\` is missing below \`${process.cwd()}\``,
      'make it, and fill it with what ran before; an empty folder means the first commit',
    );
  }
  if (!statSync(folder).isDirectory()) {
    throw problem(`\`previous: '${previous}'\` is no folder`, 'name a folder of manifests');
  }
  return previous;
}

function relationOf(folder: string, output: string): string | undefined {
  return folder === output
    ? 'is'
    : isBelow(folder, output)
      ? 'lies in'
      : isBelow(output, folder)
        ? 'contains'
        : undefined;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Where a path leads to, as far as there is something on the way. */
function realPath(path: string, links = 0): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync.native(absolute);
  const isLink = lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink && links < MOST_LINKS) {
    return realPath(resolve(dirname(absolute), readlinkSync(absolute)), links + 1);
  }
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(realPath(parent, links), basename(absolute));
}

function problem(message: string, fix: string): MeshError {
  return new MeshError(Code.PREVIOUS, message, fix);
}
