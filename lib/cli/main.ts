#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { Code, MeshError } from '../errors';
import { synth } from './synth';

const USAGE = `usage: cdk8s-mesh synth [--validate] [--output FOLDER]

Runs the \`app:\` of cdk8s.yaml beside the output folder, and replaces the folder only if all went well.

  --validate  also checks the manifests against the schemas of Kubernetes and Istio and their rules,
              and runs the plugins of \`validations:\` in cdk8s.yaml
  --output    the output folder, instead of \`output:\` in cdk8s.yaml or \`dist\`
`;

const INVALID = 2;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  try {
    const options = { validate: { type: 'boolean' }, output: { type: 'string' }, help: { type: 'boolean' } } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help === true || positionals.join(' ') !== 'synth') return usage(values.help === true);
    const output = values.output === undefined ? {} : { output: values.output };
    const files = synth({ folder: process.cwd(), validate: values.validate ?? false, ...output });
    process.stdout.write(files.map((file) => `  - ${file}\n`).join(''));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof MeshError && error.code === Code.OUTPUT_INVALID ? INVALID : 1;
  }
}

function usage(asked: boolean): number {
  (asked ? process.stdout : process.stderr).write(USAGE);
  return asked ? 0 : 1;
}
