import { isObject, own } from './objects';
import { shown } from './problem';
import type { Schema } from './schema';

/** Items that repeat an earlier one in a list that Kubernetes treats as a set, or as a map by some keys. */
export function duplicates(
  schema: Schema,
  list: readonly unknown[],
): readonly (readonly [index: number, message: string])[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    const identity = type === 'set' ? entry : keyOf(entry, keys);
    const text = canonical(identity);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [[index, `duplicates ${shown(identity)} of an earlier item`] as const];
  });
}

function keyOf(entry: unknown, keys: readonly string[]): unknown {
  if (!isObject(entry)) return {};
  return Object.fromEntries(keys.map((key) => [key, own(entry, key)]));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
