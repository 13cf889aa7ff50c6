import { Code, MeshError } from '../errors';
import type { KubeObject } from '../manifests/objects';

const LONGEST_NAME = 253;
// What nearly every name is made of.
const USUAL = /^[a-z0-9][a-z0-9.-]{0,252}$/;
// Control characters, and the line breaks of Unicode.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/u;
const TYPE = { apiVersion: /^(?:[A-Za-z0-9.-]+\/)?[A-Za-z0-9]+$/, kind: /^[A-Za-z][A-Za-z0-9]*$/ };

/** Refuses types, names and namespaces that no API server takes and that would break out of a file name. */
export function requireNames(path: string, manifest: KubeObject): KubeObject {
  const { metadata } = manifest;
  for (const field of ['apiVersion', 'kind'] as const) {
    const value: unknown = manifest[field];
    if (typeof value !== 'string' || !TYPE[field].test(value)) {
      throw problem(path, field, value, field === 'kind' ? 'is no kind' : 'is no API version', 'correct it');
    }
  }
  requireName(path, 'metadata.name', metadata?.name);
  if (metadata?.namespace !== '') requireName(path, 'metadata.namespace', metadata?.namespace);
  return manifest;
}

function requireName(path: string, field: string, name: unknown): void {
  if (name === undefined || (typeof name === 'string' && USUAL.test(name))) return;
  if (typeof name !== 'string') throw problem(path, field, name, 'is no text', 'give a string');
  if (name === '') throw problem(path, field, name, 'is empty', 'give a name');
  if (name.length > LONGEST_NAME) {
    throw problem(path, field, name, `has ${name.length} characters, more than ${LONGEST_NAME}`, 'shorten it');
  }
  if (UNPRINTABLE.test(name)) throw problem(path, field, name, 'has a control character', 'take it out');
  if (name === '.' || name === '..' || /[/%]/.test(name)) {
    throw problem(path, field, name, 'is no segment of a path', 'use letters, digits, `-` and `.`');
  }
}

function problem(path: string, field: string, value: unknown, what: string, fix: string): MeshError {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new MeshError(Code.OUTPUT_NAME, `\`${field}\` of \`${path}\` is \`${shown}\`, which ${what}`, fix);
}
