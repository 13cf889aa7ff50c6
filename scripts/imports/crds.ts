import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import type { KindSchema, Schema } from '../../lib/schemas/schema';
import { reduceSchema } from './reduce-schema';
import type { CrdSource } from './sources';

interface Crd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly scope: KindSchema['scope'];
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; served: boolean; schema: { openAPIV3Schema: unknown } }[];
  };
}

/** The kinds that the CRDs below `path` define, at their newest served version, sorted. */
export function readKinds(
  path: string,
  source: string,
  { kinds, builtIns = {} }: Pick<CrdSource, 'kinds' | 'builtIns'> = {},
): readonly KindSchema[] {
  return readCrds(path)
    .filter(({ spec }) => kinds?.includes(spec.names.kind) ?? true)
    .map(({ spec }) => {
      const newest = [...spec.versions].filter((version) => version.served).sort((a, b) => byAge(a.name, b.name))[0];
      if (newest === undefined) throw new Error(`no served version of \`${spec.group}\` \`${spec.names.kind}\``);
      const { group, scope, names: { kind } } = spec;
      const schema = withBuiltIns(reduceSchema(newest.schema.openAPIV3Schema, `${group}/${kind}`), builtIns);
      return { group, version: newest.name, kind, scope, source, schema };
    })
    .sort((a, b) => compare(`${a.group}/${a.kind}`, `${b.group}/${b.kind}`));
}

function readCrds(path: string): readonly Crd[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(path, name))
    : [path];
  return files
    .flatMap((file) => parseAllDocuments(onOneLine(readFileSync(file, 'utf8'))).map((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw new Error(`${file}: ${error.message}`);
      return document.toJS() as Crd | null;
    }))
    .filter((document): document is Crd => document?.kind === 'CustomResourceDefinition');
}

/** Quoted prose on one line: Go's parser takes continuations that stand too far left, and others do not. */
function onOneLine(text: string): string {
  return text.replace(/^( *description: )'((?:[^']|'')*)'$/gm, (_, key: string, prose: string) => `${key}'${prose.replace(/\n */g, ' ')}'`);
}

/** The schema with references in the place of its copies of built-in types. */
function withBuiltIns(schema: Schema, builtIns: Readonly<Record<string, string>>, path = ''): Schema {
  const definition = builtIns[path];
  if (definition !== undefined) return { $ref: definition };
  const { properties, items } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, withBuiltIns(child, builtIns, path === '' ? name : `${path}.${name}`)]),
      ),
    }),
    ...(items && { items: withBuiltIns(items, builtIns, `${path}[]`) }),
  };
}

/** Kubernetes' order of versions, newest first: v2, v1, v1beta2, v1beta1, v1alpha1. */
function byAge(a: string, b: string): number {
  const [majorA, stageA, minorA] = versionParts(a);
  const [majorB, stageB, minorB] = versionParts(b);
  return stageB - stageA || majorB - majorA || minorB - minorA;
}

function versionParts(version: string): readonly [major: number, stage: number, minor: number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) throw new Error(`unknown form of API version \`${version}\``);
  return [Number(match[1]), match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0, Number(match[3] ?? 0)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
