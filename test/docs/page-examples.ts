import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Yaml } from 'cdk8s';
import ts from 'typescript';
import type { Fence } from '../../scripts/docs/markdown';
import { parsePage } from '../../scripts/docs/markdown';

/** A complete example of a page with what the page says about it. */
export interface PageExample {
  /** Where its code begins, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** Files that it reads, shown before it in blocks that begin with their name in a comment. */
  readonly files: Readonly<Record<string, string>>;
  /** Excerpts of the objects that it makes. */
  readonly yaml: readonly Fence[];
  /** What it prints, or the error that it ends with. */
  readonly text: readonly Fence[];
}

/** What an example really does. */
export interface Outcome {
  readonly objects: readonly unknown[];
  readonly printed: string;
  readonly error: string | undefined;
}

const FILE_NAME = /^# (\S+\.ya?ml)\n/;

/** The examples of a page in their order. */
export function pageExamples(page: string): readonly PageExample[] {
  const examples: { line: number; code: string; files: Record<string, string>; yaml: Fence[]; text: Fence[] }[] = [];
  const files: Record<string, string> = {};
  for (const fence of parsePage(page).fences) {
    const last = examples.at(-1);
    const file = fence.language === 'yaml' ? FILE_NAME.exec(fence.code)?.[1] : undefined;
    if (file !== undefined) {
      files[file] = fence.code;
    } else if (fence.language === 'ts' && fence.continues && last !== undefined) {
      last.code += `\n${fence.code}`;
    } else if (fence.language === 'ts') {
      examples.push({ line: fence.line, code: fence.code, files: { ...files }, yaml: [], text: [] });
    } else if (fence.language === 'yaml') {
      last?.yaml.push(fence);
    } else if (fence.language === 'text') {
      last?.text.push(fence);
    }
  }
  return examples;
}

/** Runs an example in an empty folder that has the files which it reads; `globals` are what it finds without imports. */
export function runExample(example: PageExample, load: (name: string) => unknown, globals = {}): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const before = { folder: process.cwd(), write: process.stderr.write.bind(process.stderr) };
  const printed: string[] = [];
  let error: string | undefined;
  for (const [name, text] of Object.entries(example.files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  try {
    process.chdir(folder);
    process.stderr.write = (text) => printed.push(String(text)) > 0;
    evaluate(example.code, load, { log: (...values) => void printed.push(`${values.join(' ')}\n`) }, globals);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    process.stderr.write = before.write;
    process.chdir(before.folder);
  }
  try {
    return { objects: synthesized(join(folder, 'dist')), printed: printed.join(''), error };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a value says nothing but what the other says too: fields and entries of lists may be left out. */
export function isExcerpt(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    let from = 0;
    return (
      Array.isArray(whole) &&
      part.every((entry) => {
        const at = whole.findIndex((other, index) => index >= from && isExcerpt(entry, other));
        from = at + 1;
        return at >= 0;
      })
    );
  }
  return isObject(part)
    ? isObject(whole) && Object.entries(part).every(([key, value]) => isExcerpt(value, whole[key]))
    : part === whole;
}

function evaluate(code: string, load: (name: string) => unknown, print: Pick<Console, 'log'>, globals: object): void {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const { outputText } = ts.transpileModule(code, { compilerOptions: options });
  const given = { require: load, exports: {}, console: print, ...globals };
  const run = compileFunction(outputText, Object.keys(given)) as (...values: unknown[]) => void;
  run(...Object.values(given));
}

function synthesized(folder: string): readonly unknown[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => Yaml.load(join(folder, name)) as unknown[]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
