import { Code, MeshError } from '../errors';
import type { CallerRef, IPeer } from './peer';

// Whoever writes JavaScript has no compiler that would refuse these.

/** Options, which are an object. */
export function givenOptions<T extends object>(field: string, value: T): T {
  return isObject(value) && !Array.isArray(value) ? value : refuse(field, value, 'an object');
}

/** A text. */
export function givenText(field: string, value: string): string {
  return typeof (value as unknown) === 'string' ? value : refuse(field, value, 'a text');
}

/** A list, of which nothing is left out. */
export function givenList<T>(field: string, value: readonly T[]): readonly T[] {
  const list: unknown = value;
  if (!Array.isArray(list)) {
    return refuse(field, value, 'a list');
  }
  const hole = list.findIndex((item) => item === undefined || item === null);
  return hole < 0 ? value : refuse(`${field}[${hole}]`, list[hole], 'a value');
}

/** What a field holds: a text and so on, or something made by the library, by a member that it has. */
type Part = 'text' | 'number' | 'flag' | 'object' | 'anything' | `made:${string}`;

/** The fields of some options: one part or a list of them, and whether it may be left out. */
export type Shape<T> = { readonly [K in keyof Required<T>]: Part | `${Part}[]` | `${Part}?` | `${Part}[]?` };

/** Options that have what this shape says; anything else in them is looked at elsewhere. */
export function givenShape<T extends object>(where: string, options: T, shape: Shape<T>): T {
  givenOptions(where, options);
  for (const name of Object.keys(shape) as (keyof T & string)[]) {
    const value: unknown = options[name];
    const kind: string = shape[name];
    const isOptional = kind.endsWith('?');
    if (value !== undefined || !isOptional) {
      requirePart(() => `\`${name}\` of ${where}`, value, isOptional ? kind.slice(0, -1) : kind);
    }
  }
  return options;
}

function requirePart(field: () => string, value: unknown, kind: string): void {
  if (kind.endsWith('[]')) {
    givenList(field(), value as readonly unknown[]).forEach((item, index) =>
      requirePart(() => `${field()}[${index}]`, item, kind.slice(0, -2)),
    );
  } else if (!isPart(value, kind)) {
    refuse(
      field(),
      value,
      kind.startsWith('made:') ? 'what this library makes for it' : `${kind === 'object' ? 'an' : 'a'} ${kind}`,
    );
  }
}

function isPart(value: unknown, kind: string): boolean {
  switch (kind) {
    case 'anything':
      return value !== undefined;
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value) && !Array.isArray(value);
    default:
      return isObject(value) && kind.slice('made:'.length) in value;
  }
}

/** Something that has this member, since the library made it. */
export function givenMade<T extends object>(field: string, value: T, member: keyof T & string, instead: string): T {
  return isObject(value) && member in value ? value : refuse(field, value, instead);
}

/** Who is meant by a peer. */
export function givenPeer(field: string, peer: IPeer): CallerRef {
  return givenMade(field, peer, '_caller', 'a service or a `Peer`')._caller();
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function refuse(field: string, value: unknown, instead: string): never {
  throw value === undefined
    ? new MeshError(Code.TYPE, `${field} is missing`, `give ${instead}`)
    : new MeshError(
        Code.TYPE,
        `${field} is \`${shown(value)}\`, which is not ${instead}`,
        `give ${instead}, or leave it out where it is optional`,
      );
}

/** What was given, shortly: an instance of a class by its name. */
function shown(value: unknown): string {
  const plain = !isObject(value) || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (typeof value === 'function' || !plain) {
    return typeof value === 'function' ? 'function' : value.constructor.name;
  }
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 60);
  } catch {
    return 'object';
  }
}
