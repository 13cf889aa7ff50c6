import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { jsiiManifest, type PackageManifest } from './manifest';

const ROOT = resolve(__dirname, '../..');

/** What jsii makes of lib/: the names of the types in the assembly, or why there is none. */
export interface Assembly {
  readonly types: readonly string[];
  readonly errors: string;
}

/** Compiles lib/ with jsii in a copy that is gone afterwards. */
export function jsiiAssembly(): Assembly {
  const copy = mkdtempSync(join(tmpdir(), 'jsii-'));
  try {
    writeProject(copy);
    const errors = compile(copy);
    return { types: errors === '' ? typesOf(join(copy, '.jsii')) : [], errors };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function writeProject(copy: string): void {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageManifest;
  writeFileSync(join(copy, 'package.json'), JSON.stringify(jsiiManifest(manifest)));
  writeFileSync(join(copy, 'README.md'), '');
  for (const folder of ['lib', 'imports']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
}

function compile(copy: string): string {
  const jsii = require.resolve('jsii/bin/jsii');
  // Names such as `namespace` are Kubernetes' words; jsii renames them where a language reserves them.
  const silenced = ['--silence-warnings', 'reserved-word'];
  const options = ['--generate-tsconfig', 'tsconfig.jsii.json', '--no-fix-peer-dependencies', ...silenced];
  const run = spawnSync(process.execPath, [jsii, ...options], { cwd: copy, encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status === 0) return '';
  return run.stdout || run.stderr;
}

function typesOf(file: string): readonly string[] {
  const { types = {} } = JSON.parse(readFileSync(file, 'utf8')) as { types?: Record<string, { name: string }> };
  return Object.values(types).map(({ name }) => name);
}
