import { join } from 'node:path';
import ts from 'typescript';

type Tree = Record<string, unknown>;

/** A stack of Terraform as it is emitted, as far as it is about Helm. */
interface Stack {
  readonly resource: { readonly helm_release: Readonly<Record<string, Tree>> };
  readonly provider: { readonly helm: readonly Tree[] };
}

/** What CDK for Terraform adds by itself: where it comes from, and what must be there before, which is typed by the constructs. */
const ADDED = ['//', 'depends_on'];

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: [],
};

/**
 * What TypeScript has to say against each of some emitted stacks, when their text is read as values of the types that were generated
 * from the provider's own schema: unknown keys at any depth, values of another type, required keys that are missing.
 */
export function typeProblems(stacks: readonly string[]): readonly (readonly string[])[] {
  const files = new Map(stacks.map((text, index) => [join(__dirname, `emitted-${index}.ts`), sourceOf(text)]));
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name) ?? disk.readFile(name),
    getSourceFile: (name, ...rest) => {
      const text = files.get(name);
      return text === undefined
        ? disk.getSourceFile(name, ...rest)
        : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    },
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].map((name) => {
    const file = program.getSourceFile(name);
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  });
}

function sourceOf(text: string): string {
  const { resource, provider } = JSON.parse(text) as Stack;
  return [
    "import type { ReleaseConfig } from '@cdktf/provider-helm/lib/release';",
    "import type { HelmProviderConfig } from '@cdktf/provider-helm/lib/provider';",
    ...Object.values(resource.helm_release).map((release, index) =>
      constant(`release${index}`, 'ReleaseConfig', release),
    ),
    ...provider.helm.map((config, index) => constant(`provider${index}`, 'HelmProviderConfig', config)),
  ].join('\n');
}

function constant(name: string, type: string, value: Tree): string {
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !ADDED.includes(key)));
  return `export const ${name}: ${type} = ${JSON.stringify(camelCased(own))};`;
}

/** Keys as the generated types have them. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
