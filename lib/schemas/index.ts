export type { SchemaProblem } from './problem';
export { validateObject, validateObjects, type ObjectProblems } from './validate';
