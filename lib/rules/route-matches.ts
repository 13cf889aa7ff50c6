import { fieldAt, isRecord } from '../manifests/objects';

type Match = Readonly<Record<string, unknown>>;

/** Names for people only. */
const NAMES: readonly string[] = ['name'];

/** Whether a match lets every request through. */
export function takesEverything(match: Match): boolean {
  return fieldsOf(match).every((field) => field === 'uri' && isWholePath(match['uri']));
}

/** Whether every request that `narrow` lets through, `wide` surely lets through, too. */
export function coveringMatch(wide: Match, narrow: Match): boolean {
  return fieldsOf(wide).every((field) => covers(field, wide[field], narrow[field], narrow));
}

function covers(field: string, wide: unknown, narrow: unknown, whole: Match): boolean {
  if (field === 'uri' && isWholePath(wide)) return true;
  if (narrow === undefined) return false;
  switch (field) {
    case 'uri':
      return coversPath(wide, narrow, whole['ignoreUriCase'] === true);
    case 'headers':
    case 'queryParams':
      return isRecord(wide) && isRecord(narrow)
        ? Object.entries(wide).every(([name, value]) => same(value, narrow[name]))
        : false;
    default:
      return same(wide, narrow);
  }
}

function coversPath(wide: unknown, narrow: unknown, ignoresCase: boolean): boolean {
  if (same(wide, narrow)) return true;
  const prefix = fieldAt(wide, 'prefix');
  const text = fieldAt(narrow, 'prefix') ?? fieldAt(narrow, 'exact');
  return typeof prefix === 'string' && typeof text === 'string' && !ignoresCase && text.startsWith(prefix);
}

function isWholePath(uri: unknown): boolean {
  return fieldAt(uri, 'prefix') === '/' || ['.*', '/.*'].includes(String(fieldAt(uri, 'regex')));
}

function fieldsOf(match: Match): readonly string[] {
  return Object.keys(match).filter((field) => match[field] !== undefined && !NAMES.includes(field));
}

function same(a: unknown, b: unknown): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
