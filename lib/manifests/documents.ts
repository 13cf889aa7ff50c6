import type { Document } from 'yaml';
import { LineCounter, isNode, parseAllDocuments } from 'yaml';

/** Where something stands, counted from line 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A place as it is shown to people and editors. */
export function describePlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** Why a text is no manifest. */
export interface TextProblem extends Place {
  readonly message: string;
}

/** A document of a text, or something inside of it. */
export interface TextDocument extends Place {
  readonly value: unknown;
  /** The line of a field of the value. */
  lineOf(...path: readonly (string | number)[]): number;
}

/** What a text holds; empty documents are left out. */
export interface ParsedText {
  readonly documents: readonly TextDocument[];
  readonly problems: readonly TextProblem[];
}

/**
 * The documents of a text of YAML or JSON, as kubectl reads it. Broken ones, with a key twice, and those whose aliases
 * multiply without bounds are problems.
 */
export function parseDocuments(file: string, text: string): ParsedText {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  try {
    // kubectl reads YAML 1.1.
    const parsed = parseAllDocuments(text, { version: '1.1', lineCounter: lines, prettyErrors: false });
    const read = [...parsed].map((document) => readDocument(file, document, lineAt));
    return {
      documents: read.flatMap(({ documents }) => documents),
      problems: read.flatMap(({ problems }) => problems),
    };
  } catch (error) {
    return { documents: [], problems: [{ file, line: 1, message: describe(error) }] };
  }
}

function readDocument(file: string, document: Document.Parsed, lineAt: (offset: number) => number): ParsedText {
  const line = lineAt(startOf(document.contents) ?? document.range[0]);
  if (document.errors.length > 0) {
    return {
      documents: [],
      problems: document.errors.map(({ message, pos }) => ({ file, line: lineAt(pos[0]), message: readable(message) })),
    };
  }
  try {
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return { documents: [], problems: [] };
    const lineOf = (...path: readonly (string | number)[]): number => {
      const offset = startOf(document.getIn(path, true));
      return offset === undefined ? line : lineAt(offset);
    };
    return { documents: [{ file, line, value, lineOf }], problems: [] };
  } catch (error) {
    return { documents: [], problems: [{ file, line, message: describe(error) }] };
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function describe(error: unknown): string {
  return readable(String(error).replace(/^\w*Error: /, ''));
}

/** The parser calls itself for what is inside, and runs out of stack before it runs out of text. */
function readable(message: string): string {
  return message.includes('call stack') ? 'it is nested too deeply' : message;
}
