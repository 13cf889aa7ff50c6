/** A fenced block of code in a page; `line` is its first line of code, counted from 1. */
export interface Fence {
  readonly language: string;
  readonly code: string;
  readonly line: number;
  /** Whether `<!-- continues -->` stands before it: it builds on the block before. */
  readonly continues: boolean;
}

export interface Page {
  readonly fences: readonly Fence[];
  /** The lines outside of fences; a line inside of one is empty, so that numbers stay. */
  readonly prose: readonly string[];
}

const OPENING = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const CONTINUES = '<!-- continues -->';

/** Takes a Markdown page apart. A fence that is never closed ends with the page, as Markdown has it. */
export function parsePage(text: string): Page {
  const lines = text.split(/\r?\n/);
  const fences: Fence[] = [];
  const prose: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, indent, ticks, language] = OPENING.exec(line) ?? [];
    if (indent === undefined || ticks === undefined || language === undefined) {
      prose.push(line);
      continue;
    }
    const end = closingLine(lines, index + 1, ticks);
    const code = lines.slice(index + 1, end).map((codeLine) => withoutIndent(codeLine, indent.length));
    const continues =
      prose
        .filter((before) => before.trim() !== '')
        .at(-1)
        ?.trim() === CONTINUES;
    fences.push({ language, code: code.join('\n'), line: index + 2, continues });
    // Something that is not blank must stand here, so that a marker counts for the next block only.
    prose.push(ticks, ...code.map(() => ''), ...(end < lines.length ? [''] : []));
    index = end;
  }
  return { fences, prose };
}

function closingLine(lines: readonly string[], from: number, ticks: string): number {
  const found = lines.findIndex((line, index) => index >= from && isClosing(line.trim(), ticks));
  return found < 0 ? lines.length : found;
}

function isClosing(line: string, ticks: string): boolean {
  return line.startsWith(ticks) && [...line].every((character) => character === ticks[0]);
}

function withoutIndent(line: string, width: number): string {
  return line.slice(0, width).trim() === '' ? line.slice(width) : line;
}
