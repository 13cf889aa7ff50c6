import { parseDocuments } from '../manifests/documents';
import { describePlace } from '../manifests/place';
import { isKustomization } from '../manifests/located';
import { fieldAt, isRecord } from '../manifests/objects';
import { validateObject } from '../schemas';

/** What an API server would refuse in the text of a manifest: one line for each problem. */
export function manifestProblems(file: string, text: string): readonly string[] {
  const { documents, problems } = parseDocuments(file, text);
  return [
    ...problems.map((problem) => `${describePlace(problem)}: ${problem.message}`),
    ...documents.flatMap(({ value }) => objectProblems(value).map((problem) => `${file}: ${problem}`)),
  ];
}

function objectProblems(object: unknown): readonly string[] {
  if (isKustomization(object)) return [];
  return validateObject(object)
    .filter(({ check }) => check !== 'no schema')
    .map(({ path, message }) => `${describe(object)}: ${path === '' ? '' : `${path}: `}${message}`);
}

function describe(object: unknown): string {
  const parts = [fieldAt(object, 'metadata', 'namespace'), fieldAt(object, 'metadata', 'name')];
  const name = parts.filter((part) => typeof part === 'string').join('/');
  return isRecord(object) ? `${String(object['kind'])} ${name}` : 'a document';
}
