import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The YAML files of a synthesized folder, one after the other, as one stream of documents. */
export function readOutput(folder: string): string {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('---\n');
}

/** Where CDK for Terraform writes, beside the manifests of an example. */
export function stacksFolder(folder: string): string {
  return `${folder}.tf`;
}

/** The stacks of Terraform that an example synthesizes, empty for most. */
export function readStacks(folder: string): string {
  const stacks = join(stacksFolder(folder), 'stacks');
  if (!existsSync(stacks)) return '';
  return readdirSync(stacks)
    .sort()
    .map((name) => `${readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8')}\n`)
    .join('');
}

/** The accepted output, empty for a new example. */
export function readExpected(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The documents of a stream of YAML. */
export function objects(yaml: string): readonly unknown[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as unknown);
}
