import { validateObject, type SchemaProblem } from '../../lib/schemas';

export function networking(kind: string, spec: unknown): unknown {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'cart', namespace: 'shop' }, spec };
}

export function security(kind: string, spec: unknown): unknown {
  return { apiVersion: 'security.istio.io/v1', kind, metadata: { name: 'cart', namespace: 'shop' }, spec };
}

/** `check path: message` of each problem, for comparison in one line. */
export function problemsOf(object: unknown): readonly string[] {
  return validateObject(object).map(line);
}

export function line({ check, path, message }: SchemaProblem): string {
  return `${check} ${path}: ${message}`;
}
