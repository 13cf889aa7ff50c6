import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { KindSchema, Schema } from '../../lib/schemas/schema';
import { typesOnly } from './types-only';

/** Writes one file of types per API group, made by `cdk8s import` from the same reduced schemas. */
export function writeTypes(kinds: readonly KindSchema[], folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'imports-'));
  try {
    const crds = join(work, 'crds.json');
    writeFileSync(crds, kinds.map((kind) => JSON.stringify(asCrd(kind))).join('\n---\n'));
    const generated = join(work, 'generated');
    const options = ['--language', 'typescript', '--output', generated, '--no-save', '--check-upgrade=false'];
    execFileSync(process.execPath, [join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s'), 'import', crds, ...options], { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });
    for (const file of readdirSync(generated).sort()) {
      const sources = [...new Set(kinds.map((kind) => kind.source))].join(', ');
      writeFileSync(join(folder, file), typesOnly(readFileSync(join(generated, file), 'utf8'), sources));
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}

function asCrd({ group, version, kind, scope, schema }: KindSchema): unknown {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.toLowerCase()}.${group}` },
    spec: {
      group,
      scope,
      names: { kind },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: withoutReferences(schema) } }],
    },
  };
}

/** The generator resolves no references; what they stand for is not typed. */
function withoutReferences(schema: Schema): Schema {
  const { $ref, properties, items } = schema;
  if ($ref !== undefined) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, withoutReferences(child)])) }),
    ...(items && { items: withoutReferences(items) }),
  };
}
