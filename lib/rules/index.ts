export type { Finding, Severity, Violation } from './finding';
export { RULES, findRule } from './registry';
export type { Rule, RuleExamples } from './rule';
export { runRules } from './run';
