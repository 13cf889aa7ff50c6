/** A part of a text that is one document of YAML, with its markers. */
export interface TextPart {
  readonly text: string;
  /** The line of the text on which it begins, from 1. */
  readonly line: number;
}

const MARKER = /(^|\n)(---|\.\.\.)(?=\s|$)/g;

/**
 * The documents of a text. A marker at the beginning of a line ends whatever came before, also inside of a string; so each
 * document is read on its own, and a broken one takes no other with it.
 */
export function splitText(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  let line = 1;
  const cut = (end: number): void => {
    const part = text.slice(start, end);
    if (start === end || isDirectives(part)) return;
    if (!isEmpty(part)) parts.push({ text: part, line });
    line += count(part);
    start = end;
  };
  for (const match of text.matchAll(MARKER)) {
    const at = match.index + (match[1] ?? '').length;
    cut(match[2] === '---' ? at : at + 3);
  }
  cut(text.length);
  return parts;
}

/** Directives belong to the document after them. */
function isDirectives(part: string): boolean {
  return part.startsWith('%') && part.split('\n').every((line) => /^\s*(%.*|#.*)?$/.test(line));
}

function isEmpty(part: string): boolean {
  const inside = part.replace(/^---/, '').replace(/\.\.\.$/, '');
  return /^\s*$/.test(inside) || inside.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
}

function count(part: string): number {
  let lines = 0;
  for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) lines++;
  return lines;
}
