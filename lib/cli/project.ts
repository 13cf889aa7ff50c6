import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { Code, MeshError } from '../errors';
import { fieldAt, recordList } from '../manifests/objects';

const CONFIG_FILE = 'cdk8s.yaml';

/** What cdk8s.yaml says about a synth. */
export interface Project {
  readonly folder: string;
  /** The command that runs the app. */
  readonly app: string;
  /** The output folder, from the project's folder. */
  readonly output: string;
  readonly hasPlugins: boolean;
  /** Whether our own rules are among them. */
  readonly hasMeshValidation: boolean;
  readonly isHelmChart: boolean;
}

/** Reads the cdk8s.yaml of a folder. */
export function readProject(folder: string): Project {
  const config = parse(folder);
  const [app, output] = [fieldAt(config, 'app'), fieldAt(config, 'output') ?? 'dist'];
  if (typeof app !== 'string' || app === '')
    throw refusal('has no `app`', 'write `app:` and the command of your app into it');
  if (typeof output !== 'string' || output === '') throw refusal('has an `output` that is no path', 'name a folder');
  const validations = fieldAt(config, 'validations');
  return {
    folder,
    app,
    output,
    hasPlugins: Array.isArray(validations) ? validations.length > 0 : validations !== undefined && validations !== null,
    hasMeshValidation: recordList(validations).some((plugin) => plugin['class'] === 'MeshValidation'),
    isHelmChart: fieldAt(config, 'synthConfig', 'format') === 'helm',
  };
}

function parse(folder: string): unknown {
  try {
    const document = parseDocument(readFileSync(join(folder, CONFIG_FILE), 'utf8'));
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS();
  } catch (error) {
    throw refusal(`cannot be read: ${String(error)}`, 'run the command in the folder of your cdk8s.yaml');
  }
}

function refusal(what: string, fix: string): MeshError {
  return new MeshError(Code.PROJECT_CONFIG, `\`${CONFIG_FILE}\` ${what}`, fix);
}
