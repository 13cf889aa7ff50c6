import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/** Kubernetes' patterns are RE2: other syntax than JavaScript's, and linear time on hostile input. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const regex = RE2JS.compile(pattern);
  compiled.set(pattern, regex);
  return regex;
}

export function matches(pattern: string, text: string): boolean {
  return compileRegex(pattern).test(text);
}
