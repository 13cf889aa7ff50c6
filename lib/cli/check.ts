import { writeFileSync } from 'node:fs';
import { baselineText } from '../check/baseline';
import { checkManifests } from '../check/check';
import type { Report } from '../check/report';
import { Code, MeshError, quoted } from '../errors';
import { NO_MANIFESTS } from '../manifests/located';
import { readPaths } from '../manifests/folder';
import { githubReport } from '../outputs/report/github';
import { jsonReport } from '../outputs/report/json';
import { sarifReport } from '../outputs/report/sarif';
import { textReport } from '../outputs/report/text';
import { RULES } from '../rules';
import { today } from '../synthesis/today';
import { baselineOf, settingsOf, waiversOf } from './check-files';
import type { CheckOptions, ReportForm } from './check-options';
import { packageVersion } from './package-version';

/** Where and how a command is run. */
export interface Terminal {
  readonly folder: string;
  readonly colors: boolean;
}

/** What a command prints, and how it ends. */
export interface Outcome {
  readonly text: string;
  readonly exitCode: number;
}

const CLEAN = 0;
const FOUND = 1;
const INVALID = 2;

/** Checks manifests as the command line says. */
export function check(options: CheckOptions, terminal: Terminal): Outcome {
  const { meshConfig, meshNetworks, istio, waivers, baseline, writeBaseline } = options;
  const manifests = readPaths(options.paths);
  const report = checkManifests({
    manifests,
    context: options.context.length === 0 ? NO_MANIFESTS : readPaths(options.context),
    view: {
      complete: options.complete,
      ...(istio !== undefined && { istio }),
      ...(meshConfig !== undefined && { meshConfig: settingsOf('--mesh-config', meshConfig) }),
      ...(meshNetworks !== undefined && { meshNetworks: settingsOf('--mesh-networks', meshNetworks) }),
    },
    waivers: waivers === undefined ? [] : waiversOf(waivers),
    baseline: baseline === undefined ? [] : baselineOf(baseline),
    today: today(),
  });
  if (report.objects === 0 && report.problems.length === 0) throw nothingToCheck(options.paths);
  if (writeBaseline !== undefined) {
    writeFileSync(writeBaseline, baselineText(report.findings));
    const count = report.findings.length;
    return {
      text: `${count} findings are in \`${writeBaseline}\`\n`,
      exitCode: report.problems.length > 0 ? INVALID : CLEAN,
    };
  }
  return { text: reportAs(options.form, report, terminal), exitCode: exitCodeOf(report, options.failOn) };
}

function reportAs(form: ReportForm, report: Report, { folder, colors }: Terminal): string {
  switch (form) {
    case 'text':
      return textReport(report, { colors }, today());
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, RULES, { folder, version: packageVersion() });
    case 'github':
      return githubReport(report, folder, today());
  }
}

function exitCodeOf({ findings, problems }: Report, failOn: CheckOptions['failOn']): number {
  if (problems.length > 0) return INVALID;
  return findings.some(({ finding }) => failOn === 'warning' || finding.severity === 'error') ? FOUND : CLEAN;
}

/** A folder that is empty by mistake must not pass for one that is well. */
function nothingToCheck(paths: readonly string[]): MeshError {
  return new MeshError(
    Code.MANIFESTS,
    `there is no Kubernetes object in ${quoted(paths)}`,
    'name files or folders of manifests, or `-` for the standard input',
  );
}
