import type * as Choices from '../check/choices';
import type * as Paths from '../check/paths';
import type { Judged } from '../check/report';
import { Code, MeshError, quoted } from '../errors';
import { provenanceKey, takeProvenance } from '../manifests/provenance';
import { count } from '../outputs/report/json';
import type * as Summary from '../outputs/report/summary';
import { today } from '../synthesis/today';
import type { IMeshValidationContext } from './validation-context';

/** Props of {@link MeshValidation}: what stands below `properties` in cdk8s.yaml. */
export interface MeshValidationProps {
  /**
   * The minor release of Istio that reads the manifests, such as `1.30`.
   * @default - the newest that is known
   */
  readonly istio?: string;
  /**
   * Whether nothing else is in the cluster, so that a reference to what is not in the app is a mistake.
   * @default false
   */
  readonly complete?: boolean;
  /**
   * Files and folders of manifests that are known but not judged.
   * @default - none
   */
  readonly context?: string[];
  /**
   * A file with the configuration of the mesh.
   * @default - the ConfigMap `istio` of the app
   */
  readonly meshConfig?: string;
  /**
   * A file with the networks of the mesh.
   * @default - those of the ConfigMap `istio` of the app
   */
  readonly meshNetworks?: string;
  /**
   * A file of waivers.
   * @default - only those of the objects themselves
   */
  readonly waivers?: string;
  /**
   * A file of findings that were there before, written by `cdk8s-mesh check --write-baseline`.
   * @default - none
   */
  readonly baseline?: string;
  /**
   * What it takes to fail: `warning` or `error`.
   * @default 'warning'
   */
  readonly failOn?: string;
}

const PROPERTIES: readonly string[] = [
  'istio',
  'complete',
  'context',
  'meshConfig',
  'meshNetworks',
  'waivers',
  'baseline',
  'failOn',
] satisfies (keyof MeshValidationProps)[];

/**
 * The rules of `cdk8s-mesh check` as a plugin of the cdk8s CLI, named in the `validations` of cdk8s.yaml. A finding makes
 * `cdk8s synth` exit with 2, and names the construct that made the object.
 *
 * @example
 * import { MeshValidation } from 'cdk8s-mesh';
 * // What the CLI does with `package: ./node_modules/cdk8s-mesh`, `class: MeshValidation` and `properties`:
 * new MeshValidation({ istio: '1.30', failOn: 'error' });
 */
export class MeshValidation {
  private readonly props: MeshValidationProps;

  constructor(props: MeshValidationProps = {}) {
    const unknown = Object.keys(props).find((name) => !PROPERTIES.includes(name));
    if (unknown !== undefined) {
      throw new MeshError(
        Code.CHECK_OPTION,
        `\`${unknown}\` is no property of \`MeshValidation\``,
        `choose among ${quoted(PROPERTIES)}`,
      );
    }
    this.props = props;
  }

  /** Judges the manifests of a synth. The cdk8s CLI calls it. */
  async validate(context: IMeshValidationContext): Promise<void> {
    // The rules take longer to load than all the rest: no other synth waits for them.
    const { requireRelease, requireSeverity } = require('../check/choices') as typeof Choices;
    const { checkPaths, isFailure } = require('../check/paths') as typeof Paths;
    const { summaryLines } = require('../outputs/report/summary') as typeof Summary;
    const { istio, failOn, complete = false, context: known = [], ...files } = this.props;
    const provenance = takeProvenance(context.manifests);
    const options = {
      ...files,
      complete,
      paths: context.manifests,
      context: known,
      ...(istio !== undefined && { istio: requireRelease('istio', istio) }),
    };
    const report = checkPaths(options, today(), ({ object }) => provenance[provenanceKey(object)]);
    for (const { file, line, message } of report.problems) {
      context.report.addViolation({
        ruleName: 'cannot be read',
        recommendation: message,
        fix: 'correct the file',
        violatingResources: [{ resourceName: file, locations: [`${file}:${line}`], manifestPath: file }],
      });
    }
    for (const judged of report.findings) addFinding(context, judged);
    for (const line of summaryLines(report, today())) context.logger.log(line);
    context.report.submit(isFailure(report, requireSeverity('failOn', failOn ?? 'warning')) ? 'failure' : 'success', {
      Errors: String(count(report.findings, 'error')),
      Warnings: String(count(report.findings, 'warning')),
      Waived: String(report.waived.length),
    });
    return Promise.resolve();
  }
}

function addFinding(context: IMeshValidationContext, { finding }: Judged): void {
  const { code, resource, field, message, fix, file, line, construct } = finding;
  // The CLI looks constructs up by name alone, in this very object; names of resources with their kind are ours alone.
  if (construct !== null) context.metadata[resource] = { path: construct };
  context.report.addViolation({
    ruleName: code,
    recommendation: message,
    fix,
    violatingResources: [
      {
        resourceName: resource,
        locations: [...(field === null ? [] : [field]), `${file ?? ''}:${line ?? 1}`],
        manifestPath: file ?? '',
      },
    ],
  });
}
