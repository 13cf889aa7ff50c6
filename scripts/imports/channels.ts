import type { KindSchema, Schema } from '../../lib/schemas/schema';

/** What a user may write without opting in to the experimental channel, and what not. */
export interface Channels {
  readonly standard: Readonly<Record<string, readonly string[]>>;
  readonly experimental: Readonly<Record<string, readonly string[]>>;
  /** By `group/version kind`: paths of fields, and of enum values as `path=value`, outside the standard channel. */
  readonly experimentalFields: Readonly<Record<string, readonly string[]>>;
}

export function compareChannels(all: readonly KindSchema[], standard: readonly KindSchema[]): Channels {
  const stable = new Map(standard.map((kind) => [identity(kind), kind]));
  const outside = all.flatMap((kind) => {
    const twin = stable.get(identity(kind));
    if (twin === undefined) return [];
    const fields = fieldsOutside(kind.schema, twin.schema, '');
    return fields.length === 0 ? [] : [[identity(kind), fields] as const];
  });
  return {
    standard: byVersion(standard),
    experimental: byVersion(all.filter((kind) => !stable.has(identity(kind)))),
    experimentalFields: Object.fromEntries(outside),
  };
}

function identity({ group, version, kind }: KindSchema): string {
  return `${group}/${version} ${kind}`;
}

function byVersion(kinds: readonly KindSchema[]): Readonly<Record<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  for (const { group, version, kind } of kinds) {
    const key = `${group}/${version}`;
    names.set(key, [...(names.get(key) ?? []), kind]);
  }
  return Object.fromEntries(names);
}

function fieldsOutside(all: Schema, standard: Schema, path: string): readonly string[] {
  const values = (all.enum ?? []).filter((value) => !(standard.enum ?? []).includes(value)).map((value) => `${path}=${String(value)}`);
  const properties = Object.entries(all.properties ?? {}).flatMap(([name, schema]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const twin = standard.properties?.[name];
    return twin === undefined ? [at] : fieldsOutside(schema, twin, at);
  });
  const items = all.items && standard.items ? fieldsOutside(all.items, standard.items, `${path}[]`) : [];
  return [...values, ...properties, ...items];
}
