import { parsePage } from './markdown';

/** Consecutive lines of one file that hold code. */
export interface Piece {
  readonly file: string;
  /** The first line of the code, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** What a reader copies into one file: a block of code, and the blocks of the page that continue it. */
export type Snippet = readonly Piece[];

/** The TypeScript of a Markdown page. There is no way to leave a block out. */
export function pageSnippets(file: string, text: string): readonly Snippet[] {
  const snippets: Piece[][] = [];
  for (const { language, code, line, continues } of parsePage(text).fences) {
    if (language !== 'ts' && language !== 'typescript') continue;
    const piece = { file, line, code };
    const before = snippets.at(-1);
    if (continues && before) before.push(piece);
    else snippets.push([piece]);
  }
  return snippets;
}

const COMMENT = /\/\*\*[\s\S]*?\*\//g;

/** Every `@example` in the doc comments of a source file. */
export function exampleSnippets(file: string, text: string): readonly Snippet[] {
  return [...text.matchAll(COMMENT)].flatMap((comment) => {
    const firstLine = text.slice(0, comment.index).split('\n').length;
    return examplesIn(comment[0].split('\n')).map(({ offset, code }) => [{ file, line: firstLine + offset, code }]);
  });
}

function examplesIn(lines: readonly string[]): readonly { readonly offset: number; readonly code: string }[] {
  const content = lines.map((line) => line.replace(/^\s*(\/\*)?\*+\/?( |$)/, '').replace(/\s*\*\/\s*$/, ''));
  return content.flatMap((line, index) => {
    if (!/^\s*@example\b/.test(line)) return [];
    const end = content.findIndex((other, at) => at > index && /^\s*@\w+/.test(other));
    const code = content.slice(index + 1, end < 0 ? undefined : end);
    return [{ offset: index + 1, code: code.map((codeLine) => (/^\s*```/.test(codeLine) ? '' : codeLine)).join('\n') }];
  });
}
