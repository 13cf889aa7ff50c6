import { parseAllDocuments } from 'yaml';
import { apiGroup, fieldAt, isRecord } from '../manifests/objects';
import { validateObject } from '../schemas';

/** What an API server would refuse in the text of a manifest: one line for each problem. */
export function manifestProblems(file: string, text: string): readonly string[] {
  // YAML 1.1, as kubectl reads it.
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const errors = document.errors.map(({ message }) => `${file}: ${message}`);
    return errors.length > 0 ? errors : objectProblems(document.toJS()).map((problem) => `${file}: ${problem}`);
  });
}

function objectProblems(object: unknown): readonly string[] {
  if (object === null || object === undefined || isKustomization(object)) return [];
  return validateObject(object)
    .filter(({ check }) => check !== 'no schema')
    .map(({ path, message }) => `${describe(object)}: ${path === '' ? '' : `${path}: `}${message}`);
}

/** A file for kustomize, which never reaches a cluster. */
function isKustomization(object: unknown): boolean {
  const apiVersion = fieldAt(object, 'apiVersion');
  return typeof apiVersion === 'string' && apiGroup(apiVersion) === 'kustomize.config.k8s.io';
}

function describe(object: unknown): string {
  const parts = [fieldAt(object, 'metadata', 'namespace'), fieldAt(object, 'metadata', 'name')];
  const name = parts.filter((part) => typeof part === 'string').join('/');
  return isRecord(object) ? `${String(object['kind'])} ${name}` : 'a document';
}
