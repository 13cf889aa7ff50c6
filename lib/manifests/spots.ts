import type { Document, Node, Pair } from 'yaml';
import { isMap, isNode, isScalar, isSeq } from 'yaml';
import type { FieldPath } from './field-path';

/** A piece of a text, by offsets. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The piece of a document's text in which a field, or the nearest thing around it, stands: its key, and its value if that is on the same line. */
export function spotIn(document: Document.Parsed, text: string, path: FieldPath): Stretch | undefined {
  let node: unknown = document.contents;
  let found: Stretch | undefined = isNode(node) ? inOneLine(text, stretchOf(node)) : undefined;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) break;
    const { key, value } = next;
    const begin = isNode(key) ? key : value;
    if (!isNode(begin)) break;
    found = inOneLine(text, {
      start: stretchOf(begin).start,
      end: isScalar(value) ? stretchOf(value).end : stretchOf(begin).end,
    });
    node = value;
  }
  return found;
}

function child(node: unknown, step: string | number): { readonly key: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }: Pair) => isScalar(key) && String(key.value) === String(step));
}

function stretchOf(node: Node): Stretch {
  const [start = 0, end = start] = node.range ?? [];
  return { start, end };
}

function inOneLine(text: string, { start, end }: Stretch): Stretch {
  const lineEnd = text.slice(start, end).search(/\r?\n/);
  return { start, end: lineEnd === -1 ? end : start + lineEnd };
}
