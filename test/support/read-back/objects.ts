import { parseAllDocuments } from 'yaml';

export type Labels = Readonly<Record<string, string>>;

/** A Kubernetes object as its YAML says. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec?: unknown;
}

/** An object of one kind whose spec is read as that kind's. */
export interface Specified<Spec> {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Spec;
}

/** The objects of a stream of YAML documents. */
export function parseObjects(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** The objects of one kind; their specs may have these fields only, since a reader must not pass over any. */
export function ofKind<Spec extends object>(
  objects: readonly KubeObject[],
  kind: string,
  fields: readonly (keyof Spec & string)[],
): readonly Specified<Spec>[] {
  return objects
    .filter((object) => object.kind === kind)
    .map(({ metadata: { name, namespace = '' }, spec }) => {
      const read = (spec ?? {}) as Spec;
      requireFields(`${kind} ${namespace}/${name}`, read, fields);
      return { name, namespace, spec: read };
    });
}

/** Fails where there is a field that the reader would pass over. */
export function requireFields(where: string, value: object, fields: readonly string[]): void {
  const unread = Object.keys(value).filter((field) => !fields.includes(field));
  if (unread.length > 0) throw new Error(`${where} has fields that are not read: ${unread.join(', ')}`);
}

/** Whether labels are selected; an empty selector selects all. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Every distinct text, in a fixed order. */
export function sorted(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}
