import type { Document, ScalarTag, Tags } from 'yaml';
import { Composer, LineCounter, isNode } from 'yaml';
import type { FieldPath } from './field-path';
import { MOST_LEVELS, readTokens, tooDeep } from './nesting';
import { nodeProblems } from './node-problems';
import type { Place, Spot } from './place';
import { spotIn } from './spots';
import type { TextPart } from './split-text';
import { splitText } from './split-text';

/** Why a text is no manifest. */
export interface TextProblem extends Place {
  readonly message: string;
}

/** A document of a text. */
export interface TextDocument extends Place {
  readonly value: unknown;
  /** Where a field of the value stands, or what comes nearest to it. */
  readonly spotOf: (path: FieldPath) => Spot;
}

/** What a text holds; empty documents are left out. */
export interface ParsedText {
  readonly documents: readonly TextDocument[];
  readonly problems: readonly TextProblem[];
}

/** What is broken in one place is soon broken everywhere. */
const MOST_PROBLEMS = 10;

type ReadPart = ReadDocument | { readonly deepLine: number };

interface ReadDocument {
  /** Undefined where the part has nothing but markers. */
  readonly document: Document.Parsed | undefined;
  readonly lineAt: (offset: number) => number;
  readonly columnAt: (offset: number) => number;
}

/**
 * The documents of a text of YAML or JSON, as kubectl reads it. Broken ones, with a key twice, and those whose aliases
 * multiply without bounds are problems.
 */
export function parseDocuments(file: string, text: string): ParsedText {
  const read = splitText(text).map((part) => readPart(file, part));
  return {
    documents: read.flatMap(({ documents }) => documents),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function readPart(file: string, part: TextPart): ParsedText {
  try {
    const parsed = parsePart(part);
    if ('deepLine' in parsed) {
      const message = `it is nested too deeply: more than ${MOST_LEVELS} levels`;
      return { documents: [], problems: [{ file, line: parsed.deepLine, message }] };
    }
    const { document, lineAt } = parsed;
    if (document === undefined) return { documents: [], problems: [] };
    const broken = brokenParts(document).map(({ message, offset }) => ({ file, line: lineAt(offset), message }));
    if (broken.length > 0) return { documents: [], problems: unrendered(file, part) ?? broken.slice(0, MOST_PROBLEMS) };
    const line = lineAt(document.contents?.range[0] ?? 0);
    return readValue(file, line, document, part);
  } catch (error) {
    return { documents: [], problems: [{ file, line: part.line, message: readable(error) }] };
  }
}

function readValue(file: string, line: number, document: Document.Parsed, part: TextPart): ParsedText {
  try {
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return { documents: [], problems: [] };
    return { documents: [{ file, line, value, spotOf: spotFinder(part, line) }], problems: [] };
  } catch (error) {
    return { documents: [], problems: [{ file, line, message: readable(error) }] };
  }
}

function brokenParts(document: Document.Parsed): readonly { readonly offset: number; readonly message: string }[] {
  const said = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) => ({
    offset,
    message: readable(message),
  }));
  return said.length > 0 || !isNode(document.contents) ? said : nodeProblems(document.contents);
}

/** Nearly nothing is ever asked for, so a document is parsed again rather than kept. */
function spotFinder(part: TextPart, line: number): (path: FieldPath) => Spot {
  const textLines = (): readonly string[] => part.text.split(/\r?\n/);
  let parsed: ReadPart | undefined;
  return (path) => {
    parsed ??= parsePart(part);
    const stretch =
      'deepLine' in parsed || parsed.document === undefined ? undefined : spotIn(parsed.document, part.text, path);
    if (stretch === undefined || 'deepLine' in parsed) return { line, column: 1, endColumn: 2, text: '' };
    const [spotLine, column] = [parsed.lineAt(stretch.start), parsed.columnAt(stretch.start)];
    const text = textLines()[spotLine - part.line] ?? '';
    return { line: spotLine, column, endColumn: column + Math.max(stretch.end - stretch.start, 1), text };
  };
}

function parsePart({ text, line }: TextPart): ReadPart {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line + line - 1;
  const read = readTokens(text, lines.addNewLine);
  const deep = 'deep' in read ? read.deep : tooDeep(read.tokens);
  if ('deep' in read || deep !== undefined) return { deepLine: lineAt(deep ?? 0) };
  // kubectl reads YAML 1.1.
  const composer = new Composer({
    version: '1.1',
    customTags: jsonTags,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const [document] = composer.compose(read.tokens, false, text.length);
  return { document, lineAt, columnAt: (offset) => lines.linePos(offset).col };
}

/** A lonely dot, as in `exportTo: [.]`, is text to kubectl, and would be a number here. */
const DOT: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^\.$/,
  resolve: (text: string): string => text,
};

/** To kubectl, days and times and numbers to the base of sixty are text. */
function jsonTags(tags: Tags): Tags {
  const unlike = ['binary', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`);
  return [DOT, ...tags].filter(
    (tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !unlike.includes(tag.tag)),
  );
}

/** A template of Helm is no YAML, and what the parser says about it helps nobody. */
function unrendered(file: string, { text, line }: TextPart): readonly TextProblem[] | undefined {
  const at = text.search(/\{\{/);
  return at === -1
    ? undefined
    : [{ file, line: line + text.slice(0, at).split('\n').length - 1, message: TEMPLATE_MESSAGE }];
}

/** What is said of a template that nobody rendered. */
export const TEMPLATE_MESSAGE = 'it is a template with `{{` that was not rendered: check what `helm template` prints';

/** The parser calls itself for what is inside, and runs out of stack before it runs out of text. */
function readable(error: unknown): string {
  const message = String(error).replace(/^\w*Error: /, '');
  if (message.includes('alias count')) return 'its aliases multiply without bounds';
  return message.includes('call stack') ? 'it is nested too deeply' : message;
}
