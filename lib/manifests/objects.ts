import type { Problem } from '../errors';
import { Code } from '../errors';

/** A Kubernetes object as JSON. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: KubeMetadata;
  readonly [field: string]: unknown;
}

/** The part of an object's metadata that this library reads. */
export interface KubeMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The API group of an apiVersion; empty for the core group. */
export function apiGroup(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** What makes two objects the same one in a cluster: group, kind, namespace and name. */
export function identityOf(apiVersion: string, kind: string, namespace: string | undefined, name: string): string {
  return `${apiGroup(apiVersion)}/${kind}/${namespace ?? ''}/${name}`;
}

/** The problem that two constructs make one object. */
export function twinProblem(
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string | undefined; readonly name: string },
  first: string,
  second: string,
): Problem {
  return {
    code: Code.OBJECT_TWICE,
    message: `\`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}\` stands twice in the app: \`${first}\` and \`${second}\``,
    fix: 'keep one of them, or give one another `name`',
  };
}

/** Reads a nested field of unvalidated JSON; undefined where the way there is not made of objects. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a JSON object whose values are strings; empty where there is no object. */
export function stringMap(value: unknown): Readonly<Record<string, string>> {
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
}

/** The JSON objects of a list; empty where there is no list. */
export function recordList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The JSON objects of a list with their places in it; empty where there is no list. */
export function indexedRecords(value: unknown): readonly (readonly [Readonly<Record<string, unknown>>, number])[] {
  return Array.isArray(value)
    ? value.map((entry: unknown, index) => [entry, index] as const).filter(isIndexedRecord)
    : [];
}

/** The texts of a list; empty where there is no list. */
export function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** A text; undefined where it is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

function isIndexedRecord(
  entry: readonly [unknown, number],
): entry is readonly [Readonly<Record<string, unknown>>, number] {
  return isRecord(entry[0]);
}
