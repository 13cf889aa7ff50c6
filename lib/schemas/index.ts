export type { SchemaProblem } from './problem';
export { fieldsAfter, ISTIO_RELEASES, validateForRelease, type EarlyField } from './istio-releases';
export { validateObject, validateObjects, type ObjectProblems } from './validate';
