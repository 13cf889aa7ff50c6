import { parseAllDocuments, stringify } from 'yaml';
import { parsePage } from './markdown';

/** One task of the page `by-hand.md`: what takes the place of the objects. */
export interface Task {
  readonly title: string;
  readonly codeLines: number;
  readonly objectLines: number;
  /** Objects as the page has them. */
  readonly objects: readonly PageObject[];
  /** Where they stand in the page, from the first line to the one behind the last, counted from 0. */
  readonly place: readonly [number, number];
}

/** An object with its identity. */
export interface PageObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The tasks of the page in their order: a heading, code, and the objects beside it. */
export function byHandTasks(text: string): readonly Task[] {
  const { fences, prose } = parsePage(text);
  return fences
    .filter(({ language }) => language === 'yaml')
    .map((yaml) => {
      const code = fences[fences.indexOf(yaml) - 1];
      const title = prose
        .slice(0, yaml.line)
        .filter((line) => line.startsWith('## '))
        .at(-1);
      if (code?.language !== 'ts' || title === undefined) {
        throw new Error(
          `by-hand.md:${yaml.line}: objects stand below a heading, behind the code that takes their place`,
        );
      }
      return {
        title: title.slice('## '.length),
        codeLines: linesOf(code.code),
        objectLines: linesOf(yaml.code),
        objects: parseAllDocuments(yaml.code).map((document) => document.toJS() as PageObject),
        place: [yaml.line - 1, yaml.line - 1 + yaml.code.split('\n').length],
      };
    });
}

/** The line of the page's table for a task. */
export function tableRow({ title, objectLines, codeLines }: Task): string {
  const anchor = title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  return `| [${title}](#${anchor}) | ${objectLines} | ${codeLines} |`;
}

/** The object of a synth that one of the page is about. */
export function objectOf(page: PageObject, output: readonly unknown[]): unknown {
  const found = (output as readonly PageObject[]).find(
    ({ apiVersion, kind, metadata }) =>
      apiVersion === page.apiVersion &&
      kind === page.kind &&
      metadata.name === page.metadata.name &&
      metadata.namespace === page.metadata.namespace,
  );
  if (found === undefined) {
    throw new Error(`nothing makes \`${page.kind} ${page.metadata.name}\` of by-hand.md`);
  }
  return found;
}

/** The page with its objects as they are now. */
export function withObjects(text: string, output: readonly unknown[]): string {
  const lines = text.split('\n');
  for (const { place, objects } of [...byHandTasks(text)].reverse()) {
    const yaml = objects.map((object) => stringify(objectOf(object, output), { lineWidth: 0 })).join('---\n');
    lines.splice(place[0], place[1] - place[0], ...yaml.trimEnd().split('\n'));
  }
  return lines.join('\n');
}

/** The page with its table as it is now. */
export function withCounts(text: string): string {
  const rows = new Map(byHandTasks(text).map((task) => [task.title, tableRow(task)]));
  return text.replace(/^\| \[(.*)\]\(#.*$/gm, (line, title: string) => rows.get(title) ?? line);
}

function linesOf(code: string): number {
  return code.split('\n').filter((line) => line.trim() !== '').length;
}
