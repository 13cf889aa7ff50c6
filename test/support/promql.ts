import { createRequire } from 'node:module';
import type { LRParser } from '@lezer/lr';

// Its types are those of a module only, its code is both.
const { parser } = createRequire(__filename)('@prometheus-io/lezer-promql') as { readonly parser: LRParser };

/** What Grafana puts into a query before it asks; Prometheus knows none of these. */
const GRAFANA: Readonly<Record<string, string>> = { $__rate_interval: '5m' };

/** Where PromQL is none, by Prometheus' own grammar: the texts at which it breaks off. Empty where it is fine. */
export function promqlErrors(expr: string): readonly string[] {
  const text = Object.entries(GRAFANA).reduce((query, [name, value]) => query.replaceAll(name, value), expr);
  const errors: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) errors.push(`at ${from}: \`${text.slice(from, Math.max(to, from + 20))}\``);
    },
  });
  return text.trim() === '' ? ['empty'] : errors;
}
