import { isDeepStrictEqual } from 'node:util';

/** What tells one Kubernetes object from another. */
export interface ObjectKey {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ObjectChange {
  readonly object: ObjectKey;
  readonly change: 'added' | 'removed' | 'changed';
  /** Paths of the fields that differ, empty unless changed. */
  readonly fields: readonly string[];
}

/** What happened to the objects between two lists of manifests, in the order of apiVersion, kind, namespace and name. */
export function diffObjects(before: readonly unknown[], after: readonly unknown[]): readonly ObjectChange[] {
  const old = byKey(before);
  const now = byKey(after);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key): ObjectChange[] => {
    const left = old.get(key);
    const right = now.get(key);
    const object = keyOf(right ?? left);
    if (left === undefined) return [{ object, change: 'added', fields: [] }];
    if (right === undefined) return [{ object, change: 'removed', fields: [] }];
    const fields = differingFields(left, right, '');
    return fields.length > 0 ? [{ object, change: 'changed', fields }] : [];
  });
}

function byKey(objects: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(
    objects.filter((object) => object !== null).map((object) => [Object.values(keyOf(object)).join('\n'), object]),
  );
}

function keyOf(object: unknown): ObjectKey {
  return {
    apiVersion: text(object, 'apiVersion'),
    kind: text(object, 'kind'),
    namespace: text(field(object, 'metadata'), 'namespace'),
    name: text(field(object, 'metadata'), 'name'),
  };
}

function differingFields(left: unknown, right: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(left, right)) return [];
  if (isMap(left) && isMap(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return names.flatMap((name) => differingFields(left[name], right[name], join(path, name)));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const indexes = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index);
    return indexes.flatMap((index) => differingFields(left[index], right[index], `${path}[${index}]`));
  }
  return [path];
}

function join(path: string, name: string): string {
  const step = /^[\w-]+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
  return path === '' || step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isMap(value) ? value[name] : undefined;
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}
