import type { CST } from 'yaml';
import { Lexer, Parser } from 'yaml';

/** Deeper than any API: the definitions of kinds are the deepest objects, with less than half of it. */
export const MOST_LEVELS = 200;

/**
 * The tokens of a text, or where it is nested too deeply. Reading ends there: what millions of brackets open takes more memory
 * than there is.
 */
export function readTokens(
  text: string,
  addLine: (offset: number) => void,
): { readonly tokens: readonly CST.Token[] } | { readonly deep: number } {
  const parser = new Parser(addLine);
  const tokens: CST.Token[] = [];
  addLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // What is open stands in the stack, after the document around it.
    const deep = parser.stack[MOST_LEVELS + 1];
    if (deep !== undefined) return { deep: offsetOf(deep) };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

/**
 * Where the tokens of a text are nested too deeply, before anything calls itself for what is inside: a stack that is nearly
 * used up is not always an error that can be caught.
 */
export function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting: { readonly token: unknown; readonly level: number }[] = tokens.map((token) => ({ token, level: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, level } = next;
    if (level > MOST_LEVELS) return offsetOf(token);
    for (const inside of insideOf(token)) waiting.push({ token: inside, level: level + 1 });
  }
  return undefined;
}

function insideOf(token: unknown): readonly unknown[] {
  if (!isToken(token)) return [];
  if (token.type === 'document') return [token.value];
  return 'items' in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
}

function offsetOf(token: unknown): number {
  return isToken(token) && 'offset' in token ? token.offset : 0;
}

function isToken(token: unknown): token is CST.Token {
  return typeof token === 'object' && token !== null;
}
