import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KindSchema, Schema } from '../../lib/schemas/schema';
import { schemasFolder } from '../../lib/schemas/store';

export interface Node {
  /** The file and the way through it. */
  readonly at: string;
  readonly schema: Schema;
  /** Whether an object reaches the node by its fields and items alone. */
  readonly isStructural: boolean;
}

/** Every schema node of every file that the package ships. */
export function shippedNodes(): readonly Node[] {
  return jsonFiles(schemasFolder()).flatMap((file) => {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Partial<KindSchema> & {
      definitions?: Record<string, Schema>;
    };
    const roots = content.schema === undefined ? Object.values(content.definitions ?? {}) : [content.schema];
    const at = content.kind ?? 'definitions';
    return roots.flatMap((root) => nodes(root, at, true));
  });
}

function jsonFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));
}

function nodes(schema: Schema, at: string, isStructural: boolean): readonly Node[] {
  const { properties = {}, items, additionalProperties, allOf = [], anyOf = [], oneOf = [], not } = schema;
  return [
    { at, schema, isStructural },
    ...Object.entries(properties).flatMap(([name, child]) => nodes(child, `${at}.${name}`, isStructural)),
    ...(items ? nodes(items, `${at}[]`, isStructural) : []),
    ...(typeof additionalProperties === 'object' ? nodes(additionalProperties, `${at}{}`, isStructural) : []),
    ...[...allOf, ...anyOf, ...oneOf, ...(not ? [not] : [])].flatMap((child) => nodes(child, `${at}?`, false)),
  ];
}
