import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import type { Piece, Snippet } from './snippet';

const ROOT = resolve(__dirname, '../..');
const UNUSED = new Set([6133, 6192, 6196, 6198]);

// As strict as a user's project can be. `outDir` and `rootDir` lead `cdk8s-mesh` to lib/ instead of a build that may be old.
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ['node', 'jest'],
  skipLibCheck: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  noEmit: true,
  rootDir: ROOT,
  outDir: join(ROOT, 'build'),
};

/** Compiles every snippet as a file of its own and gives one message with file and line for each error. */
export function compileSnippets(snippets: readonly Snippet[]): readonly string[] {
  const files = new Map(snippets.map((snippet, index) => [join(ROOT, `snippet-${index}.ts`), snippet]));
  const program = ts.createProgram([...files.keys()], OPTIONS, hostOf(files));
  return [...files].flatMap(([file, snippet]) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`\`${file}\` is not in the program`);
    return ts
      .sortAndDeduplicateDiagnostics([
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ])
      .filter((diagnostic) => !isUnusedValue(diagnostic, source))
      .map((diagnostic) => messageOf(diagnostic, source, snippet));
  });
}

function hostOf(files: ReadonlyMap<string, Snippet>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const textOf = (file: string): string | undefined =>
    files
      .get(resolve(file))
      ?.map(({ code }) => code)
      .join('\n');
  return {
    ...host,
    fileExists: (file) => textOf(file) !== undefined || host.fileExists(file),
    readFile: (file) => textOf(file) ?? host.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = textOf(file);
      return text === undefined
        ? host.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version, true);
    },
  };
}

/** A snippet may end with a value that nobody uses yet, but every import must be of use. */
function isUnusedValue({ code, start = 0 }: ts.Diagnostic, source: ts.SourceFile): boolean {
  if (!UNUSED.has(code)) return false;
  const statement = source.statements.find(({ pos, end }) => pos <= start && start < end);
  return !statement || !ts.isImportDeclaration(statement);
}

function messageOf(diagnostic: ts.Diagnostic, source: ts.SourceFile, snippet: Snippet): string {
  const { piece, line } = locate(snippet, source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line);
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return `${relative(ROOT, resolve(ROOT, piece.file))}:${piece.line + line} TS${diagnostic.code}: ${text}`;
}

function locate(snippet: Snippet, line: number): { readonly piece: Piece; readonly line: number } {
  let rest = line;
  for (const piece of snippet) {
    const lines = piece.code.split('\n').length;
    if (rest < lines) return { piece, line: rest };
    rest -= lines;
  }
  throw new Error(`line \`${line}\` is behind the end of its snippet`);
}
