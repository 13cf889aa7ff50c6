import { parseArgs } from 'node:util';
import { Code, MeshError, quoted } from '../errors';
import type { Severity } from '../rules';
import { ISTIO_RELEASES } from '../schemas';

/** How a report is written. */
export type ReportForm = 'text' | 'json' | 'sarif' | 'github';

/** What the command line of `check` says. */
export interface CheckOptions {
  readonly paths: readonly string[];
  readonly form: ReportForm;
  readonly complete: boolean;
  readonly context: readonly string[];
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  readonly istio?: string;
  readonly failOn: Severity;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly waivers?: string;
  readonly help: boolean;
}

const FORMS: readonly ReportForm[] = ['text', 'json', 'sarif', 'github'];
const SEVERITIES: readonly Severity[] = ['error', 'warning'];

const OPTIONS = {
  output: { type: 'string', short: 'o' },
  complete: { type: 'boolean' },
  context: { type: 'string', multiple: true },
  'mesh-config': { type: 'string' },
  'mesh-networks': { type: 'string' },
  istio: { type: 'string' },
  'fail-on': { type: 'string' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  waivers: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line of `check`. */
export function readCheckOptions(args: readonly string[]): CheckOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  return {
    paths: positionals,
    form: oneOf('--output', values.output ?? 'text', FORMS),
    complete: values.complete ?? false,
    context: values.context ?? [],
    failOn: oneOf('--fail-on', values['fail-on'] ?? 'warning', SEVERITIES),
    help: values.help ?? false,
    ...(values['mesh-config'] !== undefined && { meshConfig: values['mesh-config'] }),
    ...(values['mesh-networks'] !== undefined && { meshNetworks: values['mesh-networks'] }),
    ...(values.istio !== undefined && { istio: release(values.istio) }),
    ...(values.baseline !== undefined && { baseline: values.baseline }),
    ...(values['write-baseline'] !== undefined && { writeBaseline: values['write-baseline'] }),
    ...(values.waivers !== undefined && { waivers: values.waivers }),
  };
}

/** The minor release of a version. */
function release(text: string): string {
  return oneOf('--istio', /^(\d+\.\d+)\.\d+$/.exec(text)?.[1] ?? text, ISTIO_RELEASES);
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((entry) => entry === text);
  if (found !== undefined) return found;
  throw new MeshError(Code.CHECK_OPTION, `\`${option}\` is \`${text}\``, `choose one of ${quoted(known)}`);
}
