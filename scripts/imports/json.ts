export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const LINE = 110;

/** JSON that is compact and still diffs well: what fits on one line stays on it. */
export function formatJson(value: Json): string {
  return `${format(value, '')}\n`;
}

function format(value: Json, indent: string): string {
  const line = JSON.stringify(value);
  if (value === null || typeof value !== 'object' || indent.length + line.length <= LINE) return line;
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => inner + format(item, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => `${inner}${JSON.stringify(key)}: ${format(member, inner)}`);
  return `{\n${members.join(',\n')}\n${indent}}`;
}
