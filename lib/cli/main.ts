#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { Code, MeshError } from '../errors';
import { check } from './check';
import { readCheckOptions } from './check-options';
import { rulesText } from './rules';
import { stage } from './stage';
import { synth } from './synth';

const USAGE = `usage: cdk8s-mesh synth [--validate] [--output FOLDER]
       cdk8s-mesh stage --from FOLDER --to FOLDER
       cdk8s-mesh check PATH… [-o text|json|sarif|github] [--fail-on error|warning] [--istio 1.30] [--complete]
                        [--context PATH]… [--mesh-config FILE] [--mesh-networks FILE]
                        [--waivers FILE] [--baseline FILE] [--write-baseline FILE]
       cdk8s-mesh rules [CODE]

synth runs the \`app:\` of cdk8s.yaml beside the output folder, and replaces the folder only if all went well.

  --validate  also checks the manifests against the schemas of Kubernetes and Istio and their rules,
              and runs the plugins of \`validations:\` in cdk8s.yaml
  --output    the output folder, instead of \`output:\` in cdk8s.yaml or \`dist\`

stage compares what runs with what shall run next: whether release plans, migrations and upgrades move by one step, and
whether a version is removed to which requests may still be routed. It exits with 0 where all is well, with 1 where something is not,
and with 2 where a folder or a file cannot be read.

  --from      the folder of manifests that run; an empty one means that nothing runs yet
  --to        the folder of manifests that shall run

check finds mistakes in manifests, whoever made them: files, folders, and \`-\` for the standard input. It exits with 0 where
it finds nothing, with 1 where it finds something, and with 2 where something cannot be read.

  -o, --output      text for people, JSON, SARIF for code scanning, or annotations for GitHub Actions
  --fail-on         what it takes to exit with 1: a warning, which is the default, or an error
  --istio           the release of Istio that reads the manifests: 1.28 to 1.31, which is the default
  --complete        nothing else is in the cluster: a reference to what is not in the manifests is a mistake
  --context         files or folders that are known but not judged
  --mesh-config     the configuration of the mesh, instead of the ConfigMap \`istio\` among the manifests
  --mesh-networks   the networks of the mesh, likewise
  --waivers         a file of findings that are accepted until a day
  --baseline        a file of findings that were there before
  --write-baseline  writes that file from what is found now

rules lists all rules, or says what one of them means, why it matters and how to fix it.
`;

const INVALID = 2;

process.exitCode = main(process.argv.slice(2));

function main([command, ...args]: readonly string[]): number {
  switch (command) {
    case 'synth':
      return exitCode(() => runSynth(args), 1);
    case 'stage':
      return exitCode(() => runStage(args), INVALID);
    case 'check':
      return exitCode(() => runCheck(args), INVALID);
    case 'rules':
      return exitCode(() => runRules(args), INVALID);
    default:
      return usage(command === '--help');
  }
}

function runSynth(args: readonly string[]): number {
  const options = { validate: { type: 'boolean' }, output: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help === true) return usage(true);
  const output = values.output === undefined ? {} : { output: values.output };
  const files = synth({ folder: process.cwd(), validate: values.validate ?? false, ...output });
  process.stdout.write(files.map((file) => `  - ${file}\n`).join(''));
  return 0;
}

function runStage(args: readonly string[]): number {
  const options = { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { from, to, help } = parseArgs({ args: [...args], options }).values;
  if (help === true) return usage(true);
  if (from === undefined || to === undefined) {
    usage(false);
    return INVALID;
  }
  const problems = stage(from, to);
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
  return problems.length === 0 ? 0 : 1;
}

function runCheck(args: readonly string[]): number {
  const options = readCheckOptions(args);
  if (options.help) return usage(true);
  if (options.paths.length === 0) {
    usage(false);
    return INVALID;
  }
  const colors = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const { text, exitCode: code } = check(options, { folder: process.cwd(), colors });
  process.stdout.write(text);
  return code;
}

function runRules(args: readonly string[]): number {
  const options = { help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help === true) return usage(true);
  if (positionals.length > 1) {
    usage(false);
    return INVALID;
  }
  process.stdout.write(rulesText(positionals[0]));
  return 0;
}

/** What a command returns, or what its failure stands for. */
function exitCode(run: () => number, failed: number): number {
  try {
    return run();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof MeshError && error.code === Code.OUTPUT_INVALID ? INVALID : failed;
  }
}

function usage(asked: boolean): number {
  (asked ? process.stdout : process.stderr).write(USAGE);
  return asked ? 0 : 1;
}
