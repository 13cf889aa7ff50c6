import type { ParsedText, Place, TextDocument, TextProblem } from './documents';
import { parseDocuments } from './documents';
import type { KubeObject } from './objects';
import { apiGroup, isRecord } from './objects';

/** An object and where it stands. */
export interface LocatedObject extends Place {
  readonly object: KubeObject;
}

/** What manifests hold. */
export interface Manifests {
  readonly objects: readonly LocatedObject[];
  readonly problems: readonly TextProblem[];
}

/** The objects of a text; a list of objects counts as its items, a kustomization as nothing. */
export function parseManifests(file: string, text: string): Manifests {
  const { documents, problems }: ParsedText = parseDocuments(file, text);
  const read = documents.map((document) => objectsOf(document));
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: [...problems, ...read.flatMap((part) => part.problems)],
  };
}

function objectsOf(document: TextDocument): Manifests {
  const { value } = document;
  if (isList(value)) {
    const parts = value.items.map((item, index) =>
      located(withType(item, value), document.file, document.lineOf('items', index)),
    );
    return { objects: parts.flatMap(({ objects }) => objects), problems: parts.flatMap(({ problems }) => problems) };
  }
  return located(value, document.file, document.line);
}

function located(value: unknown, file: string, line: number): Manifests {
  if (isKustomization(value)) return { objects: [], problems: [] };
  return isKubeObject(value)
    ? { objects: [{ object: value, file, line }], problems: [] }
    : {
        objects: [],
        problems: [{ file, line, message: 'it is no Kubernetes object: `apiVersion` or `kind` is no text' }],
      };
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
