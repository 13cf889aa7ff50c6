import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { run } from './command';

const ROOT = resolve(__dirname, '../..');
const FIXTURE = join(__dirname, 'fixture');

/** The package as it would be published; `prepare` builds it. */
export function pack(folder: string): string {
  mkdirSync(folder, { recursive: true });
  run(ROOT, `npm pack --silent --pack-destination "${folder}"`);
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new Error(`\`npm pack\` left nothing in \`${folder}\``);
  return join(folder, tarball);
}

/** A folder with nothing but the files of our fixture. */
export function emptyProject(folder: string): void {
  cpSync(join(FIXTURE, 'empty-project'), folder, { recursive: true });
  run(folder, 'npm init -y');
}

/** What `cdk8s init typescript-app` makes, before its `npm install`, with our main.ts and main.test.ts in the place of its own. */
export function typescriptApp(folder: string): void {
  const cli = dirname(require.resolve('cdk8s-cli/package.json'));
  const template = join(cli, 'templates', 'typescript-app');
  const values = templateValues(folder, cli);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(template).filter((entry) => !entry.startsWith('.') && entry !== '__snapshots__')) {
    writeFileSync(join(folder, filled(name, values)), filled(readFileSync(join(template, name), 'utf8'), values));
  }
  cpSync(join(FIXTURE, 'typescript-app'), folder, { recursive: true });
}

function templateValues(folder: string, cli: string): ReadonlyMap<string, string> {
  const version = (name: string): string => manifest(require.resolve(`${name}/package.json`, { paths: [cli] })).version;
  const { version: cliVersion, dependencies } = manifest(join(cli, 'package.json'));
  return new Map([
    ['', ''],
    ['$base', basename(folder)],
    ['cdk8s_core_version', version('cdk8s')],
    ['cdk8s_plus_version', version('cdk8s-plus-33')],
    ['constructs_version', String(dependencies.constructs).replace('^', '')],
    ['cdk8s_cli_spec', `^${cliVersion}`],
  ]);
}

function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{\s*(.*?)\s*\}\}/g, (placeholder, name: string) => {
    const value = values.get(name);
    if (value === undefined)
      throw new Error(`the template of cdk8s-cli has an unknown \`${placeholder}\`; fix: give it a value`);
    return value;
  });
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
