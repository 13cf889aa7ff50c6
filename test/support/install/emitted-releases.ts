import { parse, parseAllDocuments, stringify } from 'yaml';
import type { DeliveryName } from './emitted';

type Tree = Record<string, unknown>;

/** A chart that is installed, as the text of a delivery says it. */
export interface EmittedRelease {
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: Tree;
  /** How many steps after the first one it comes; undefined where the text does not say it. */
  readonly step: number | undefined;
}

/** The text that a delivery emitted, read; values may be changed, and printed again. */
export interface EmittedText {
  readonly releases: readonly EmittedRelease[];
  print(): string;
}

/** How a text that a delivery emitted says what is installed. Of those that install one chart at a time. */
export function readEmitted(name: DeliveryName, text: string): EmittedText {
  switch (name) {
    case 'argoCd':
      return ofObjects(text, 'Application', (object) => ({
        name: textAt(object, 'metadata', 'name'),
        chart: textAt(object, 'spec', 'source', 'chart'),
        version: textAt(object, 'spec', 'source', 'targetRevision'),
        namespace: textAt(object, 'spec', 'destination', 'namespace'),
        values: treeAt(object, 'spec', 'source', 'helm', 'valuesObject'),
        step: Number(textAt(object, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave')),
      }));
    case 'flux':
      return withSteps(
        ofObjects(text, 'HelmRelease', (object) => ({
          name: textAt(object, 'spec', 'releaseName'),
          chart: textAt(object, 'spec', 'chart', 'spec', 'chart'),
          version: textAt(object, 'spec', 'chart', 'spec', 'version'),
          namespace: textAt(object, 'spec', 'targetNamespace'),
          values: treeAt(object, 'spec', 'values'),
          step: undefined,
        })),
        needs(yamlObjects(text), 'HelmRelease', (object) =>
          listAt(object, 'spec', 'dependsOn').map((needed) => textAt(needed as Tree, 'name')),
        ),
      );
    case 'sail':
      return ofObjects(text, 'Istio', (object) => ({
        name: `istiod-${textAt(object, 'metadata', 'name')}`,
        chart: 'istiod',
        version: textAt(object, 'spec', 'version').replace(/^v/, ''),
        namespace: textAt(object, 'spec', 'namespace'),
        values: treeAt(object, 'spec', 'values'),
        step: undefined,
      }));
    case 'rendered':
      return renderedText(text);
    case 'terraform':
      return terraformText(text);
    case 'istioctl':
      throw new Error('istioctl installs all charts at once');
  }
}

function yamlObjects(text: string): readonly Tree[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Tree);
}

function printed(objects: readonly Tree[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

function ofObjects(text: string, kind: string, read: (object: Tree) => EmittedRelease): EmittedText {
  const objects = yamlObjects(text);
  return { releases: objects.filter((object) => object['kind'] === kind).map(read), print: () => printed(objects) };
}

/** The stand-in for helm prints what it was called with. */
function renderedText(text: string): EmittedText {
  const objects = yamlObjects(text);
  const opened = objects
    .filter((object) => object['kind'] === 'ConfigMap' && textAt(object, 'metadata', 'name').endsWith('-shown'))
    .map((object) => {
      const data = treeAt(object, 'data');
      const { args, values } = JSON.parse(textAt(data, 'text')) as { args: readonly string[]; values: string };
      const option = (name: string) => args[args.indexOf(name) + 1] ?? '';
      const release: EmittedRelease = {
        name: args[1] ?? '',
        chart: args[2] ?? '',
        version: option('--version'),
        namespace: option('--namespace'),
        values: parse(values) as Tree,
        step: undefined,
      };
      return { release, write: () => (data['text'] = JSON.stringify({ args, values: stringify(release.values) })) };
    });
  return {
    releases: opened.map(({ release }) => release),
    print: () => {
      opened.forEach(({ write }) => write());
      return printed(objects);
    },
  };
}

function terraformText(text: string): EmittedText {
  const stack = JSON.parse(text) as Tree;
  const resources = treeAt(stack, 'resource', 'helm_release');
  const opened = Object.values(resources).map((value) => {
    const resource = value as Tree;
    const [values] = listAt(resource, 'values');
    const release: EmittedRelease = {
      name: textAt(resource, 'name'),
      chart: textAt(resource, 'chart'),
      version: textAt(resource, 'version'),
      namespace: textAt(resource, 'namespace'),
      values: parse(asTerraformReads(String(values))) as Tree,
      step: undefined,
    };
    const write = () => (resource['values'] = [stringify(release.values).replace(/[$%](?=\{)/g, '$&$&')]);
    return { release, write };
  });
  const emitted = {
    releases: opened.map(({ release }) => release),
    print: () => {
      opened.forEach(({ write }) => write());
      return JSON.stringify(stack);
    },
  };
  const needed = Object.entries(resources).map(([name, resource]) => {
    const references = listAt(resource as Tree, 'depends_on').map((reference) => String(reference));
    return [name, references.map((reference) => reference.replace('helm_release.', ''))] as const;
  });
  return withSteps(emitted, new Map(needed));
}

/** What Terraform makes of a text in which nothing is to be filled in. */
function asTerraformReads(text: string): string {
  if (/(?<!\$)\$\{|(?<!%)%\{/.test(text)) throw new Error(`Terraform would fill something in: ${text}`);
  return text.replace(/([$%])\1(?=\{)/g, '$1');
}

function needs(
  objects: readonly Tree[],
  kind: string,
  read: (object: Tree) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const ofKind = objects.filter((object) => object['kind'] === kind);
  return new Map(ofKind.map((object) => [textAt(object, 'metadata', 'name'), read(object)]));
}

/** The steps that follow from which releases each one names as those that must be there before. */
function withSteps(text: EmittedText, needed: ReadonlyMap<string, readonly string[]>): EmittedText {
  const step = (name: string): number => Math.max(0, ...(needed.get(name) ?? []).map((before) => step(before) + 1));
  return { ...text, releases: text.releases.map((release) => ({ ...release, step: step(release.name) })) };
}

function at(tree: Tree, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Tree | undefined)?.[key], tree);
}

function treeAt(tree: Tree, ...path: readonly string[]): Tree {
  return (at(tree, ...path) ?? {}) as Tree;
}

function listAt(tree: Tree, ...path: readonly string[]): readonly unknown[] {
  return (at(tree, ...path) ?? []) as readonly unknown[];
}

function textAt(tree: Tree, ...path: readonly string[]): string {
  return String(at(tree, ...path));
}
