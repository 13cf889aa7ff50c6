import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import type { KindSchema } from '../../lib/schemas/schema';
import { readBuiltIns } from './built-ins';
import { compareChannels } from './channels';
import { readKinds } from './crds';
import { downloadModule } from './go-modules';
import { formatJson, type Json } from './json';
import { builtInKinds, builtIns, crdSources } from './sources';
import { writeTypes } from './types';

const imports = resolve(__dirname, '../../imports');

function write(path: string, value: unknown): void {
  const file = join(imports, 'schemas', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, formatJson(value as Json));
}

function writeKind(kind: KindSchema): void {
  write(join(kind.group || 'core', kind.version, `${kind.kind}.json`), kind);
}

rmSync(imports, { recursive: true, force: true });
mkdirSync(imports, { recursive: true });

const customKinds = crdSources.flatMap((crds) => {
  const { module, version, path, standardPath } = crds;
  const source = `${module}@${version}`;
  const folder = downloadModule(module, version);
  const kinds = readKinds(join(folder, path), source, crds);
  kinds.forEach(writeKind);
  if (standardPath !== undefined) {
    const name = `${module.split('/').pop()}-channels.json`;
    write(name, { source, ...compareChannels(kinds, readKinds(join(folder, standardPath), source)) });
  }
  return kinds;
});
// Several projects may have kinds of one group.
for (const group of new Set(customKinds.map((kind) => kind.group))) {
  writeTypes(customKinds.filter((kind) => kind.group === group), imports);
}

const source = `${builtIns.module}@${builtIns.version}`;
const { kinds, definitions } = readBuiltIns(join(downloadModule(builtIns.module, builtIns.version), builtIns.path), builtInKinds, source);
kinds.forEach(writeKind);
write('kubernetes-definitions.json', { source, definitions });
