import { CORE_SCHEMA, Type, dump } from 'js-yaml';
import { isAmbiguous } from './ambiguous';

// A type that nothing has: js-yaml quotes every text that an implicit type would claim.
const ambiguous = new Type('tag:cdk8s-mesh,2026:ambiguous', {
  kind: 'scalar',
  resolve: (text: unknown) => typeof text === 'string' && isAmbiguous(text),
});
const OPTIONS = { schema: CORE_SCHEMA.extend({ implicit: [ambiguous] }), noRefs: true, lineWidth: -1 };

// Text in which no reader sees anything but text, unless it is ambiguous as a whole.
const PLAIN = /^[A-Za-z0-9./_](?:[A-Za-z0-9./_@*+,=-]|:(?=[A-Za-z0-9./_]))*$/;

// Text that needs no escape between single quotes.
const QUOTABLE = /^[ -&(-~]*$/;

// Readers disagree on where a block begins that starts with white space, and on lines of nothing else.
const NO_BLOCK = /^\s|\n[ \t]+(?:\n|$)/;

/** A text as a value that stands at an indent; a text of several lines continues on lines with that indent. */
export function scalarText(text: string, indent: string): string {
  if (isPlain(text)) return text;
  if (QUOTABLE.test(text)) return `'${text}'`;
  return indented(dump(text, { ...OPTIONS, forceQuotes: NO_BLOCK.test(text) }).slice(0, -1), indent);
}

const plainKeys = new Map<string, string>();
const MOST_KEYS = 10_000;

/** A text as a key, with its colon. */
export function keyText(text: string, indent: string): string {
  const known = plainKeys.get(text);
  if (known !== undefined) return known;
  if (!isPlain(text)) return indented(libraryKey(text), indent);
  const key = `${text}:`;
  if (plainKeys.size < MOST_KEYS) plainKeys.set(text, key);
  return key;
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !isAmbiguous(text);
}

/** Of a map of one entry, what stands before the value. */
function libraryKey(text: string): string {
  const map = Object.defineProperty({}, text, { value: 0, enumerable: true });
  return dump(map, OPTIONS).slice(0, -' 0\n'.length);
}

/** The library's text for the outermost level, put deeper. */
function indented(text: string, indent: string): string {
  return text.includes('\n') && indent !== '' ? text.replace(/\n(?!\n|$)/g, `\n${indent}`) : text;
}
