import { isDeepStrictEqual } from 'node:util';
import type { App, Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import { checkManifests } from '../check/check';
import type { ReportedFinding } from '../check/report';
import { NO_MANIFESTS } from '../manifests/located';
import type { KubeObject } from '../manifests/objects';
import { provenanceKey } from '../manifests/provenance';
import { today } from '../synthesis/today';
import { synthesize } from './synthesize';

/** What is known about the cluster of a test. */
export interface FindingsOptions {
  /** The minor release of Istio. Default: the newest that is known. */
  readonly istio?: string;
  /** Whether nothing else is in the cluster. Default: false. */
  readonly complete?: boolean;
  /** Objects that are known but not judged. */
  readonly context?: readonly KubeObject[];
  /** The configuration of the mesh. Default: that of the ConfigMap `istio` among the objects. */
  readonly meshConfig?: unknown;
}

/** A finding, as far as a test is interested in it. */
export type ExpectedFinding = Partial<ReportedFinding>;

/** What a test says about findings. */
export interface FindingsExpectation {
  /** Fails where there are other findings than these, in whatever order. */
  toEqual(expected: readonly ExpectedFinding[]): void;
}

/** What `cdk8s-mesh check` would find in what a chart or an app synthesizes to. What is waived is not among it. */
export function findings(scope: App | Chart, options: FindingsOptions = {}): ReportedFinding[] {
  const { context = [], istio, complete, meshConfig } = options;
  const located = (objects: readonly KubeObject[]) => ({
    ...NO_MANIFESTS,
    objects: objects.map((object) => ({ object, file: '', line: 1 })),
  });
  const manifests = located(synthesize(scope));
  const paths = constructPaths(scope);
  const report = checkManifests({
    manifests,
    context: located(context),
    view: {
      ...(istio !== undefined && { istio }),
      ...(complete !== undefined && { complete }),
      ...(meshConfig !== undefined && { meshConfig }),
    },
    today: today(),
    constructOf: ({ object }) => paths.get(provenanceKey(object)),
  });
  const [problem] = report.problems;
  if (problem !== undefined) throw new Error(problem.message);
  return report.findings.map(({ finding }) => finding);
}

/**
 * Says which findings a chart or an app shall have: `expectFindings(chart).toEqual([])`. Of each expected one, only the fields
 * that are written count.
 */
export function expectFindings(scope: App | Chart, options: FindingsOptions = {}): FindingsExpectation {
  const found = findings(scope, options);
  return {
    toEqual(expected) {
      const missing = [...expected];
      const others = found.filter((finding) => {
        const index = missing.findIndex((entry) => isLike(finding, entry));
        if (index !== -1) missing.splice(index, 1);
        return index === -1;
      });
      if (missing.length === 0 && others.length === 0) return;
      const lines = [
        ...others.map((finding) => `found, but not expected: ${describe(finding)}`),
        ...missing.map((entry) => `expected, but not found: ${JSON.stringify(entry)}`),
      ];
      throw new Error(`the findings are others than expected:\n  ${lines.join('\n  ')}`);
    },
  };
}

function isLike(finding: ReportedFinding, expected: ExpectedFinding): boolean {
  return Object.entries(expected).every(([field, value]) =>
    isDeepStrictEqual(finding[field as keyof ReportedFinding], value),
  );
}

function describe({ code, resource, field, message, fix, construct }: ReportedFinding): string {
  const where = construct === null ? '' : ` (construct \`${construct}\`)`;
  return `${code} ${resource}: ${field === null ? '' : `${field}: `}${message}; fix: ${fix}${where}`;
}

function constructPaths(scope: App | Chart): ReadonlyMap<string, string> {
  const made = scope.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  return new Map(made.map((apiObject) => [provenanceKey(apiObject.toJson() as KubeObject), apiObject.node.path]));
}
