import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';

const root = resolve(__dirname, '../..');
let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'package-'));
});

afterAll(() => {
  rmSync(work, { recursive: true });
});

/** The validator as the published package has it: compiled below `build/lib`, the schemas beside it. */
function install(): string {
  const folder = join(work, 'node_modules', 'cdk8s-mesh');
  for (const name of readdirSync(join(root, 'lib/schemas'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const target = join(folder, 'build/lib/schemas', name.replace(/\.ts$/, '.js'));
    const source = readFileSync(join(root, 'lib/schemas', name), 'utf8');
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  cpSync(join(root, 'imports/schemas'), join(folder, 'imports/schemas'), { recursive: true });
  return folder;
}

const program = `
  const { validateObject } = require(process.argv[1]);
  const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', namespace: 'b' } };
  const refused = validateObject({ ...object, spec: { portLevelMtls: { 80: { mode: 'STRICT' } } } });
  console.log(JSON.stringify([validateObject(object).length, refused.map(({ message }) => message)]));
`;

test('finds the schemas from the compiled package, wherever the user starts', () => {
  const validator = join(install(), 'build/lib/schemas/index.js');
  const options = {
    cwd: work,
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    encoding: 'utf8',
  } as const;
  const answer = execFileSync(process.execPath, ['-e', program, validator], options);
  expect(JSON.parse(answer)).toEqual([0, ['portLevelMtls requires selector']]);
});

test('ships the schemas in the package', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  expect(manifest.files).toEqual(expect.arrayContaining(['build/lib', 'imports/schemas']));
});

test('is Node-only and pure: it imports no cdk8s and nothing else of the library', () => {
  const files = readdirSync(join(root, 'lib/schemas'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const modules = files.flatMap((name) => {
    const text = readFileSync(join(root, 'lib/schemas', name), 'utf8');
    return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  });
  const foreign = new Set(modules.filter((name) => !name.startsWith('.')));
  expect([...foreign].sort()).toEqual([
    '@bufbuild/cel',
    '@bufbuild/cel/ext',
    '@bufbuild/protobuf/wkt',
    'node:fs',
    'node:net',
    'node:path',
    're2js',
  ]);
  expect(modules.filter((name) => name.startsWith('../..'))).toEqual([]);
});
