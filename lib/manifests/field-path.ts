/** The way from an object to something inside of it. */
export type FieldPath = readonly (string | number)[];

const STEP = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Reads a field as messages write it, such as `spec.servers[0].port` or `metadata.labels["a.b/c"]`, as far as it can be read. */
export function parseFieldPath(text: string): FieldPath {
  const steps: (string | number)[] = [];
  const step = new RegExp(STEP);
  for (let match = step.exec(text); match !== null; match = step.exec(text)) {
    const [, name, index, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(JSON.parse(quoted) as string);
  }
  return steps;
}
