import { celProblems } from './cel/check';
import { withDefaults } from './defaults';
import { metadataProblems } from './metadata';
import { isObject } from './objects';
import { shown, type SchemaProblem } from './problem';
import { findKind } from './store';
import { structureProblems } from './structure';
import { unknownFields } from './unknown-fields';

export interface ObjectProblems {
  /** Where the object stands in the list. */
  readonly index: number;
  readonly object: unknown;
  readonly problems: readonly SchemaProblem[];
}

/**
 * Why an API server with strict field validation would refuse this object on creation, in the order of its own checks.
 *
 * A kind or version that is not known yields one problem whose check is `no schema`, beside those of its metadata: the
 * caller decides whether that is an error.
 */
export function validateObject(object: unknown): readonly SchemaProblem[] {
  if (!isObject(object)) return [{ check: 'schema', path: '', message: `must be an object, got ${shown(object)}` }];
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return [{ check: 'schema', path: 'apiVersion', message: 'is required' }];
  if (typeof kind !== 'string' || kind === '') return [{ check: 'schema', path: 'kind', message: 'is required' }];
  const known = findKind(apiVersion, kind);
  const metadata = metadataProblems(object, known);
  if (known === undefined)
    return [{ check: 'no schema', path: '', message: `no schema for \`${apiVersion}\` \`${kind}\`` }, ...metadata];
  const defaulted = withDefaults(known.schema, object);
  const structure = structureProblems(known.schema, defaulted);
  return [
    ...metadata,
    ...unknownFields(known.schema, object),
    ...structure,
    // Rules may rely on types and required fields: the API server, too, waits with them until those are right.
    ...(structure.length === 0 ? celProblems(known.schema, defaulted) : []),
  ];
}

/** The objects that have problems. */
export function validateObjects(objects: readonly unknown[]): readonly ObjectProblems[] {
  return objects
    .map((object, index) => ({ index, object, problems: validateObject(object) }))
    .filter(({ problems }) => problems.length > 0);
}
