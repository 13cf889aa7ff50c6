import { Yaml } from 'cdk8s';
import type { KubeObject } from './manifests/objects';
import { validateObjects } from './schemas';

export type { KubeObject } from './manifests/objects';
export { synthesize } from './testing/synthesize';
export type { ReportedFinding } from './check/report';
export {
  expectFindings,
  findings,
  type ExpectedFinding,
  type FindingsExpectation,
  type FindingsOptions,
} from './testing/findings';

/** The one object of this kind and name; fails where there is none or more than one, and says what there is. */
export function findObject(objects: readonly KubeObject[], kind: string, name: string, namespace?: string): KubeObject {
  const found = objects.filter(
    (object) =>
      object.kind === kind &&
      object.metadata?.name === name &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const known = objects.filter((object) => object.kind === kind).map(describe);
    throw new Error(
      `${found.length === 0 ? 'no' : 'more than one'} \`${kind} ${name}\`, there are ${known.map((text) => `\`${text}\``).join(', ') || 'none of that kind'}`,
    );
  }
  return only;
}

/** The object as YAML text, for snapshots that people read. */
export function toYaml(object: KubeObject): string {
  return Yaml.stringify(object);
}

/**
 * What the API server would refuse: fields that a kind's schema does not know, values that it or its CEL rules refuse. One
 * line per problem; empty where everything is valid. Kinds that this library has no schema for are not judged.
 */
export function schemaProblems(objects: readonly KubeObject[]): string[] {
  return validateObjects(objects).flatMap(({ object, problems }) =>
    problems
      .filter(({ check }) => check !== 'no schema')
      .map((problem) => `${describe(object as KubeObject)}: ${problem.path}: ${problem.message}`),
  );
}

function describe({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata?.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata?.name}`;
}
