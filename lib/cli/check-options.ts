import { parseArgs } from 'node:util';
import { oneOf, requireRelease, requireSeverity } from '../check/choices';
import type { PathOptions } from '../check/paths';
import type { Severity } from '../rules';

/** How a report is written. */
export type ReportForm = 'text' | 'json' | 'sarif' | 'github';

/** What the command line of `check` says. */
export interface CheckOptions extends PathOptions {
  readonly form: ReportForm;
  readonly failOn: Severity;
  readonly writeBaseline?: string;
  readonly help: boolean;
}

const FORMS: readonly ReportForm[] = ['text', 'json', 'sarif', 'github'];

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
    failOn: requireSeverity('--fail-on', values['fail-on'] ?? 'warning'),
    help: values.help ?? false,
    ...(values['mesh-config'] !== undefined && { meshConfig: values['mesh-config'] }),
    ...(values['mesh-networks'] !== undefined && { meshNetworks: values['mesh-networks'] }),
    ...(values.istio !== undefined && { istio: requireRelease('--istio', values.istio) }),
    ...(values.baseline !== undefined && { baseline: values.baseline }),
    ...(values['write-baseline'] !== undefined && { writeBaseline: values['write-baseline'] }),
    ...(values.waivers !== undefined && { waivers: values.waivers }),
  };
}
