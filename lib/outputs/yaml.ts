import type { PlainData, PlainObject } from './plain-data';
import { keyText, scalarText } from './yaml-text';

const STEP = '  ';

/**
 * A map of plain data as one YAML document that every reader reads the same, without anchors. The structure, which is nearly all
 * of a manifest, is written here: a library takes most of a synth for it. Every text that could be misread is left to the library.
 */
export function toYaml(map: object): string {
  const parts: string[] = [];
  writeBlock(parts, map as PlainObject, '', '');
  // One string, not a tree of its parts: that of a whole app would be millions of objects.
  return parts.length === 0 ? '{}\n' : parts.join('');
}

/** Documents as one stream. */
export function joinDocuments(documents: readonly string[]): string {
  return documents.join('---\n');
}

/** The lines of a list or a map; the first one may continue a line. Nothing where it is empty. */
function writeBlock(parts: string[], data: PlainData[] | PlainObject, firstIndent: string, indent: string): void {
  let lead = firstIndent;
  if (Array.isArray(data)) {
    for (const item of data) {
      parts.push(lead, '-');
      writeValue(parts, item, indent, false);
      lead = indent;
    }
    return;
  }
  for (const key of Object.keys(data)) {
    parts.push(lead, keyText(key, indent));
    writeValue(parts, data[key] ?? null, indent, true);
    lead = indent;
  }
}

/** What follows a key or a dash, to the end of the line or of the block. A block begins on the line of its dash. */
function writeValue(parts: string[], value: PlainData, indent: string, afterKey: boolean): void {
  if (typeof value === 'string') parts.push(' ', scalarText(value, indent), '\n');
  else if (typeof value === 'number') parts.push(' ', numberText(value), '\n');
  else if (typeof value !== 'object' || value === null) parts.push(' ', String(value), '\n');
  else {
    const opening = parts.push(afterKey ? '\n' : ' ');
    writeBlock(parts, value, afterKey ? indent + STEP : '', indent + STEP);
    if (parts.length === opening) parts[opening - 1] = Array.isArray(value) ? ' []\n' : ' {}\n';
  }
}

/** YAML 1.1 wants a point before an exponent. */
function numberText(value: number): string {
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}
