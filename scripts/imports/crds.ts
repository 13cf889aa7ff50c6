import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import type { KindSchema } from '../../lib/schemas/schema';
import { reduceSchema } from './reduce-schema';

interface Crd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly scope: KindSchema['scope'];
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; served: boolean; schema: { openAPIV3Schema: unknown } }[];
  };
}

/** Every kind that the CRDs below `path` define, at its newest served version, sorted. */
export function readKinds(path: string, source: string): readonly KindSchema[] {
  return readCrds(path)
    .map(({ spec }) => {
      const newest = [...spec.versions].filter((version) => version.served).sort((a, b) => byAge(a.name, b.name))[0];
      if (newest === undefined) throw new Error(`no served version of \`${spec.group}\` \`${spec.names.kind}\``);
      const { group, scope, names: { kind } } = spec;
      const schema = reduceSchema(newest.schema.openAPIV3Schema, `${group}/${kind}`);
      return { group, version: newest.name, kind, scope, source, schema };
    })
    .sort((a, b) => compare(`${a.group}/${a.kind}`, `${b.group}/${b.kind}`));
}

function readCrds(path: string): readonly Crd[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(path, name))
    : [path];
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Crd | null))
    .filter((document): document is Crd => document?.kind === 'CustomResourceDefinition');
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
