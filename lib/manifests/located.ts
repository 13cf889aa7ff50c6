import type { TextDocument, TextProblem } from './documents';
import { TEMPLATE_MESSAGE, parseDocuments } from './documents';
import type { FieldPath } from './field-path';
import type { KubeObject } from './objects';
import { apiGroup, isRecord } from './objects';
import type { Place, Spot } from './place';

/** An object and where it stands. */
export interface LocatedObject extends Place {
  readonly object: KubeObject;
  /** Where a field of the object stands, or what comes nearest to it; none for objects that were never text. */
  readonly spotOf?: (path: FieldPath) => Spot;
}

/** A file, or a document of it, that has to do with something else than a cluster. */
export interface LeftAlone extends Place {
  readonly reason: string;
}

/** What manifests hold. */
export interface Manifests {
  readonly objects: readonly LocatedObject[];
  readonly problems: readonly TextProblem[];
  readonly leftAlone: readonly LeftAlone[];
}

/** Nothing, and where it was looked for. */
export const NO_MANIFESTS: Manifests = { objects: [], problems: [], leftAlone: [] };

/** Several readings as one. */
export function joinManifests(parts: readonly Manifests[]): Manifests {
  return {
    objects: parts.flatMap(({ objects }) => objects),
    problems: parts.flatMap(({ problems }) => problems),
    leftAlone: parts.flatMap(({ leftAlone }) => leftAlone),
  };
}

/** The objects of a text; a list of objects counts as its items, a kustomization as nothing. */
export function parseManifests(file: string, text: string): Manifests {
  const { documents, problems } = parseDocuments(file, text);
  return joinManifests([{ ...NO_MANIFESTS, problems }, ...documents.map(objectsOf)]);
}

/** Like {@link parseManifests}; a text without any object or problem but documents of something else is left alone. */
export function parseAnything(file: string, text: string): Manifests {
  const { documents, problems } = parseDocuments(file, text);
  const isForeign =
    documents.length > 0 && problems.length === 0 && documents.every(({ value }) => isForeignValue(value));
  return isForeign
    ? { ...NO_MANIFESTS, leftAlone: [{ file, line: 1, reason: 'no Kubernetes object' }] }
    : joinManifests([{ ...NO_MANIFESTS, problems }, ...documents.map(objectsOf)]);
}

function isForeignValue(value: unknown): boolean {
  return !isRecord(value) || (value['apiVersion'] === undefined && value['kind'] === undefined);
}

function objectsOf(document: TextDocument): Manifests {
  const { value, spotOf, ...rest } = document;
  const place = { ...rest, spotOf };
  if (!isList(value)) return located(value, place);
  return joinManifests(
    value.items.map((item, index) => {
      const spot = (path: FieldPath): Spot => spotOf(['items', index, ...path]);
      return located(withType(item, value), { file: document.file, line: spot([]).line, spotOf: spot });
    }),
  );
}

function located(value: unknown, place: Omit<LocatedObject, 'object'>): Manifests {
  const { file, line } = place;
  if (isKustomization(value)) return { ...NO_MANIFESTS, leftAlone: [{ file, line, reason: 'a kustomization' }] };
  if (!isKubeObject(value)) {
    const message = 'it is no Kubernetes object: `apiVersion` or `kind` is no text';
    return { ...NO_MANIFESTS, problems: [{ file, line, message }] };
  }
  return isTemplate(value)
    ? { ...NO_MANIFESTS, problems: [{ file, line, message: TEMPLATE_MESSAGE }] }
    : { ...NO_MANIFESTS, objects: [{ object: value, ...place }] };
}

/** Braces are fine in the text of a rule or a dashboard, but never in what an object is called. */
function isTemplate({ apiVersion, kind, metadata }: KubeObject): boolean {
  return [apiVersion, kind, metadata?.name, metadata?.namespace].some(
    (text) => typeof text === 'string' && text.includes('{{'),
  );
}

interface KubeList extends KubeObject {
  readonly items: readonly unknown[];
}

function isList(value: unknown): value is KubeList {
  return isKubeObject(value) && value.kind.endsWith('List') && Array.isArray(value['items']);
}

/** Items of a list of one kind may leave out what they are. */
function withType(item: unknown, { apiVersion, kind }: KubeList): unknown {
  return kind !== 'List' && isRecord(item) ? { apiVersion, kind: kind.slice(0, -'List'.length), ...item } : item;
}

function isKubeObject(value: unknown): value is KubeObject {
  return (
    isRecord(value) && [value['apiVersion'], value['kind']].every((text) => typeof text === 'string' && text !== '')
  );
}

/** A file for kustomize, which never reaches a cluster. */
export function isKustomization(value: unknown): boolean {
  return isKubeObject(value) && apiGroup(value.apiVersion) === 'kustomize.config.k8s.io';
}
