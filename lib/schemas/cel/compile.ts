import { celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';

import { compileRegex } from '../regex';
import type { CelRule } from '../schema';
import { addressFunctions, conversionFunctions, urlFunctions } from './functions';
import { namesIn } from './names';

type Evaluate = (self: unknown) => unknown;

export interface CompiledRule {
  /** Whether the rule compares with an older object: there is none when manifests are checked. */
  readonly isTransition: boolean;
  /** Why the rule refuses the value; undefined if it does not. */
  readonly refusal: (self: unknown) => string | undefined;
}

const env = celEnv({
  funcs: [...strings, ...urlFunctions, ...addressFunctions, ...conversionFunctions],
  re2: { compile: compileRegex },
});

const compiled = new Map<string, Evaluate>();
const compiledRules = new WeakMap<CelRule, CompiledRule>();

/** The rule, ready to run. Throws if the rule needs anything that is not there. */
export function compileRule(rule: CelRule): CompiledRule {
  const known = compiledRules.get(rule) ?? prepare(rule);
  compiledRules.set(rule, known);
  return known;
}

function prepare(rule: CelRule): CompiledRule {
  const isTransition = namesIn(parse(rule.rule)).identifiers.has('oldSelf');
  if (isTransition && rule.optionalOldSelf === true)
    throw new Error('a rule with an optional `oldSelf` is not supported');
  const holds = compile(rule.rule);
  const explain = rule.messageExpression === undefined ? undefined : compile(rule.messageExpression);
  return {
    isTransition,
    refusal: (self) => {
      const verdict = holds(self);
      if (verdict === true) return undefined;
      const message = rule.message ?? `failed rule: ${rule.rule.trim()}`;
      if (verdict !== false) return `${message}; the rule cannot be evaluated: ${reason(verdict)}`;
      const explanation = explain?.(self);
      return typeof explanation === 'string' ? explanation : message;
    },
  };
}

function compile(expression: string): Evaluate {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const parsed = parse(expression);
  const { functions, identifiers } = namesIn(parsed);
  // The planner leaves these to the run, where a branch not taken would hide them.
  const missing = [...functions].find((name) => env.funcs.find(name) === undefined);
  if (missing !== undefined) throw new Error(`unknown CEL function \`${missing}\``);
  const unknown = [...identifiers].find((name) => name !== 'self' && name !== 'oldSelf');
  if (unknown !== undefined) throw new Error(`unknown CEL identifier \`${unknown}\``);
  const run = plan(env, parsed);
  const evaluate: Evaluate = (self) => run({ self } as Parameters<typeof run>[0]);
  compiled.set(expression, evaluate);
  return evaluate;
}

function reason(verdict: unknown): string {
  return isCelError(verdict) ? verdict.message : `got \`${String(verdict)}\` instead of a boolean`;
}
