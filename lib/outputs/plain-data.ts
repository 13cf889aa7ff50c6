/** Data that YAML and JSON both carry. */
export type PlainData = string | number | boolean | null | PlainData[] | PlainObject;

/** A map of {@link PlainData}. */
export interface PlainObject {
  [field: string]: PlainData;
}

/** The way to a value: names of fields and places in lists. */
export type Path = readonly (string | number)[];

/** Values that stand for something else. */
export interface Tokens {
  /** Whether plain data may be replaced, too, and not only functions and instances of classes. */
  readonly anywhere: boolean;
  /** What a value stands for; the value itself where it stands for nothing else. */
  replace(value: unknown, path: Path): unknown;
}

/** Which fields without content stay: none, those that are null, or all but empty lists and maps and null. */
export type Emptiness = 'drop null' | 'keep null' | 'drop all';

/** A value that no manifest can hold, and where it stands. */
export class UnfitValue extends Error {
  constructor(
    readonly path: Path,
    readonly what: string,
    readonly fix: string,
  ) {
    super(what);
  }
}

/** The way to a value, as people write it. */
export function fieldPath(path: Path): string {
  const shown = path.length > 12 ? [...path.slice(0, 12), '…'] : path;
  return shown.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );
}

// Whatever is deeper than this contains itself.
const DEEPEST = 500;

const FIXES: Readonly<Record<string, string>> = {
  bigint: 'give a number, or a string where it is larger than 2^53',
  function: 'call it, or wrap it in `Lazy.any({ produce })`',
  Date: 'give `date.toISOString()`',
};

// Every supported Node has it; the declarations that jsii compiles with do not.
interface UnicodeText {
  isWellFormed(): boolean;
}

/** Turns values into plain data: tokens replaced, keys in order, undefined fields left out. */
export class PlainDataReader {
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly tokens: Tokens,
    private readonly emptiness: Emptiness,
  ) {}

  /** The field as plain data; undefined where it has no content. */
  field(key: string, value: unknown): PlainData | undefined {
    this.path.push(this.requireText(key));
    const data = this.visit(value);
    this.path.pop();
    return (data === null && this.emptiness !== 'keep null') || this.isDropped(data) ? undefined : data;
  }

  private visit(original: unknown): PlainData | undefined {
    const at = this.tokens.anywhere || mayBeToken(original) ? this.tokens.replace(original, this.path) : original;
    if (typeof at === 'string') return this.requireText(at);
    if (typeof at === 'boolean' || at === null || at === undefined) return at;
    if (typeof at === 'number') return Number.isFinite(at) ? at : this.refuse(`\`${at}\``, 'give a finite number');
    if (typeof at !== 'object') return this.refuse(`a ${typeof at}`, FIXES[typeof at]);
    if (this.path.length > DEEPEST) return this.refuse('data that contains itself', 'give data without cycles');
    if (Array.isArray(at)) return this.items(at);
    if (isPlainObject(at)) return this.fields(at);
    return this.refuse(`a ${at.constructor.name}`, FIXES[at.constructor.name]);
  }

  private items(items: readonly unknown[]): PlainData[] {
    const result: PlainData[] = [];
    for (let index = 0; index < items.length; index += 1) {
      this.path.push(index);
      const data = this.visit(items[index]);
      result.push(data === undefined ? this.refuse('undefined', 'leave the item out') : data);
      this.path.pop();
    }
    return result;
  }

  private fields(map: Readonly<Record<string, unknown>>): PlainObject {
    const result: PlainObject = {};
    for (const key of sortedKeys(map)) {
      const data = this.field(key, map[key]);
      if (data !== undefined) setField(result, key, data);
    }
    return result;
  }

  private isDropped(data: PlainData | undefined): boolean {
    if (this.emptiness !== 'drop all' || typeof data !== 'object' || data === null) return false;
    return Array.isArray(data) ? data.length === 0 : Object.keys(data).length === 0;
  }

  private requireText(text: string): string {
    const isUnicode = (text as string & UnicodeText).isWellFormed();
    return isUnicode ? text : this.refuse('half of a Unicode character', 'give whole characters');
  }

  private refuse(what: string, fix = 'give plain data'): never {
    throw new UnfitValue([...this.path], what, fix);
  }
}

/** What a token can be where plain data is none: cdk8s also takes a map with a function `resolve` for one. */
function mayBeToken(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value === 'function';
  return value !== null && !Array.isArray(value) && (!isPlainObject(value) || typeof value['resolve'] === 'function');
}

// Longer lists are left to the sort of the engine, whose preparations take longer than a short list does.
const SHORT = 16;

/** The keys of a map by code units, which no locale changes. */
export function sortedKeys(map: object): readonly string[] {
  const keys = Object.keys(map);
  if (keys.length > SHORT) return keys.sort();
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] ?? '';
    let at = end;
    for (let before = keys[at - 1]; before !== undefined && before > key; before = keys[at - 1]) {
      keys[at] = before;
      at -= 1;
    }
    keys[at] = key;
  }
  return keys;
}

/** Whether a value is a map, of this realm or of another one. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Sets a field, whatever it is called. */
export function setField<T>(target: Record<string, T>, key: string, data: T): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value: data, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = data;
  }
}
