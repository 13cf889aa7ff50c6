import type { IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../../errors';

/** Constructs that wait for each other; each is waited for by the next. */
export function cycleError(constructs: readonly (IConstruct | undefined)[]): MeshError {
  const paths = constructs.flatMap((construct) => (construct === undefined ? [] : [construct.node.path || 'the app']));
  const distinct = paths.filter((path, index) => path !== paths[index - 1]);
  return new MeshError(
    Code.DEPENDENCY_CYCLE,
    `these wait for each other: ${quoted(distinct)}, each for the one before it and the first for the last`,
    'remove one `addDependency` between them',
  );
}
