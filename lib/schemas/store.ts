import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { own } from './objects';
import type { Definitions, KindSchema, Schema } from './schema';

const DEFINITIONS = 'kubernetes-definitions.json';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const kinds = new Map<string, KindSchema | undefined>();
let definitions: Definitions | undefined;
let folder: string | undefined;

/** The schema of a kind at exactly this apiVersion, read from disk at the first use. */
export function findKind(apiVersion: string, kind: string): KindSchema | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!kinds.has(key)) kinds.set(key, readKind(apiVersion, kind));
  return kinds.get(key);
}

/** The schema that `$ref` stands for, with what is written beside the reference. */
export function resolve(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  definitions ??= (readJson(join(schemasFolder(), DEFINITIONS)) as { definitions: Definitions }).definitions;
  const definition = own(definitions, schema.$ref);
  if (definition === undefined) throw new Error(`no schema definition \`${schema.$ref}\``);
  const { $ref: _ref, ...beside } = schema;
  return resolve({ ...definition, ...beside });
}

/** `imports/schemas` of this package: below the same root for the sources and for the compiled package. */
export function schemasFolder(): string {
  folder ??= findFolder(__dirname);
  return folder;
}

function findFolder(start: string): string {
  const candidate = join(start, 'imports', 'schemas');
  if (existsSync(join(candidate, DEFINITIONS))) return candidate;
  const parent = dirname(start);
  if (parent === start) throw new Error('the folder `imports/schemas` of this package is missing');
  return findFolder(parent);
}

function readKind(apiVersion: string, kind: string): KindSchema | undefined {
  // Both come from users' files and become part of a path.
  const parts = /^(?:([a-z0-9.-]+)\/)?([a-z0-9]+)$/.exec(apiVersion);
  if (parts === null || !/^[A-Za-z0-9]+$/.test(kind)) return undefined;
  const file = join(schemasFolder(), parts[1] ?? 'core', parts[2] ?? '', `${kind}.json`);
  if (!existsSync(file)) return undefined;
  const read = readJson(file) as KindSchema;
  // A file system may ignore case.
  return read.kind === kind ? { ...read, schema: withObjectFields(read.schema) } : undefined;
}

/** The fields that each object has, whatever its CRD says of them. */
function withObjectFields(schema: Schema): Schema {
  if (schema.$ref !== undefined) return schema;
  const metadata = own(schema.properties, 'metadata');
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      ...schema.properties,
      metadata: { $ref: OBJECT_META, ...(metadata && { allOf: [metadata] }) },
    },
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
