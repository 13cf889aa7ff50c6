/** One reason why an API server would refuse an object, or why it cannot be told. */
export interface SchemaProblem {
  /** `no schema`: nothing is known of the kind. `metadata`: names, labels and annotations. `cel`: a rule of the CRD. */
  readonly check: 'no schema' | 'unknown field' | 'schema' | 'cel' | 'metadata';
  /** The field, such as `spec.servers[0].port.number`; empty for the object itself. */
  readonly path: string;
  readonly message: string;
  /** The CEL rule that refused. */
  readonly rule?: string;
}

export function field(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

export function item(path: string, index: number): string {
  return `${path}[${index}]`;
}

/** A value as a message shows it: never long enough to hide the message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 80 ? `${text.slice(0, 77)}...` : text}\``;
}
