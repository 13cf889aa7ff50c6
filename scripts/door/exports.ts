import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** One name that users can import from the door `.`. */
export interface DoorExport {
  readonly name: string;
  /** Whether it is there at run time, too; an interface or a type is not. */
  readonly isValue: boolean;
  readonly isClass: boolean;
  readonly hasExample: boolean;
  readonly file: string;
  readonly line: number;
}

/** What lib/index.ts exports, as TypeScript sees it. */
export function doorExports(index: string = resolve(ROOT, 'lib/index.ts')): readonly DoorExport[] {
  const program = ts.createProgram([index], compilerOptions());
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const door = source && checker.getSymbolAtLocation(source);
  if (!door) throw new Error(`\`${index}\` exports nothing; fix: add export lines`);
  return checker.getExportsOfModule(door).map((symbol) => describe(symbol, checker));
}

function compilerOptions(): ts.CompilerOptions {
  const file = resolve(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(file)).options;
}

function describe(exported: ts.Symbol, checker: ts.TypeChecker): DoorExport {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declaration = symbol.declarations?.[0];
  const source = declaration?.getSourceFile();
  return {
    name: exported.name,
    isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
    isClass: (symbol.flags & ts.SymbolFlags.Class) !== 0,
    hasExample: symbol.getJsDocTags(checker).some(({ name, text }) => name === 'example' && text !== undefined),
    file: source ? relative(ROOT, source.fileName) : index(exported),
    line: source && declaration ? source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1 : 1,
  };
}

function index(symbol: ts.Symbol): string {
  throw new Error(`\`${symbol.name}\` is exported but declared nowhere; fix: correct its export line`);
}
