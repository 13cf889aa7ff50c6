import type { Node, Pair, YAMLMap } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';

/** Something inside of a document that no Kubernetes object has. */
export interface NodeProblem {
  readonly offset: number;
  readonly message: string;
}

/** Keys that stand twice or are no text, and values that JSON has not. */
export function nodeProblems(root: Node): readonly NodeProblem[] {
  const problems: NodeProblem[] = [];
  const waiting: unknown[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isMap(node)) {
      problems.push(...keyProblems(node));
      for (const { value } of node.items) if (value !== null) waiting.push(value);
    } else if (isSeq(node)) {
      waiting.push(...node.items);
    } else if (isScalar(node) && typeof node.value === 'number' && !Number.isFinite(node.value)) {
      problems.push({ offset: offsetOf(node), message: `\`${node.source}\` is a number that JSON does not have` });
    }
  }
  return problems.sort((a, b) => a.offset - b.offset);
}

/** The parser would compare each key with each other. */
function keyProblems(map: YAMLMap): readonly NodeProblem[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }: Pair) => {
    const offset = offsetOf(key);
    if (!isScalar(key)) return key === null ? [] : [{ offset, message: 'a key is no text' }];
    // A merge key is a symbol to the parser, and may stand twice.
    if (typeof key.value === 'symbol') return [];
    const text = String(key.value);
    if (text === '__proto__') return [{ offset, message: 'the key `__proto__` is refused: no object has it' }];
    if (seen.has(text)) return [{ offset, message: `the key \`${text}\` stands twice` }];
    seen.add(text);
    return [];
  });
}

function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}
