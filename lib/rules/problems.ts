import type { LocatedObject } from '../manifests/located';
import { isRecord } from '../manifests/objects';
import type { ManifestView } from '../manifests/view';
import type { SchemaProblem } from '../schemas';
import { validateForRelease } from '../schemas';
import type { Violation } from './finding';

/** What an API server would refuse of the judged objects, worked out once for all rules that report it. */
export function schemaViolations(view: ManifestView, check: SchemaProblem['check']): readonly Violation[] {
  return (view.fact(byCheck).get(check) ?? []).map(({ object, problem: { path, message } }) => ({
    object,
    ...(path !== '' && { field: path }),
    message:
      path === '' ? message : `\`${path}\` ${message.startsWith('unknown field') ? 'is no known field' : message}`,
  }));
}

interface Placed {
  readonly object: LocatedObject;
  readonly problem: SchemaProblem;
}

function byCheck(view: ManifestView): ReadonlyMap<SchemaProblem['check'], readonly Placed[]> {
  const found = new Map<SchemaProblem['check'], Placed[]>();
  for (const object of view.objects) {
    for (const problem of validateForRelease(object.object, view.istio)) {
      if (isLeftToKubectl(object, problem)) continue;
      const known = found.get(problem.check);
      if (known === undefined) found.set(problem.check, [{ object, problem }]);
      else known.push({ object, problem });
    }
  }
  return found;
}

/** kubectl adds the namespace that is current, and a list of a cluster its own fields. */
function isLeftToKubectl({ object }: LocatedObject, { check, path }: SchemaProblem): boolean {
  return (
    check === 'metadata' && path === 'metadata.namespace' && isRecord(object.metadata) && !object.metadata.namespace
  );
}
