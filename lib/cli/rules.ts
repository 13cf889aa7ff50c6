import { Code, MeshError } from '../errors';
import type { Rule } from '../rules';
import { RULES, findRule } from '../rules';

/** What one rule says, or all of them in a line each. */
export function rulesText(code: string | undefined): string {
  if (code === undefined) return RULES.map((rule) => `${lineOf(rule)}\n`).join('');
  const rule = findRule(code);
  if (rule === undefined) {
    throw new MeshError(Code.CHECK_OPTION, `there is no rule \`${code}\``, 'choose one that `cdk8s-mesh rules` lists');
  }
  return pageOf(rule);
}

function lineOf({ code, severity, title, istio }: Rule): string {
  return `${code}  ${severity.padEnd('warning'.length)}  ${title}${istio === undefined ? '' : ` (${istio})`}`;
}

function pageOf(rule: Rule): string {
  const { why, fix, examples } = rule;
  return [
    lineOf(rule),
    `Why: ${why}`,
    `Fix: ${fix}`,
    ...examples.bad.slice(0, 1).map((example) => `Found in:\n${indented(example)}`),
    ...examples.good.slice(0, 1).map((example) => `Not found in:\n${indented(example)}`),
  ]
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n');
}

function indented(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
