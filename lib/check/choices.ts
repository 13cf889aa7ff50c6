import { Code, MeshError, quoted } from '../errors';
import type { Severity } from '../rules';
import { ISTIO_RELEASES } from '../schemas';

const SEVERITIES: readonly Severity[] = ['error', 'warning'];

/** The minor release of a version of Istio that is known. */
export function requireRelease(option: string, text: string): string {
  return oneOf(option, /^(\d+\.\d+)\.\d+$/.exec(text)?.[1] ?? text, ISTIO_RELEASES);
}

/** What it takes to fail. */
export function requireSeverity(option: string, text: string): Severity {
  return oneOf(option, text, SEVERITIES);
}

/** Refuses what is none of a few words. */
export function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((entry) => entry === text);
  if (found !== undefined) return found;
  throw new MeshError(Code.CHECK_OPTION, `\`${option}\` is \`${text}\``, `choose one of ${quoted(known)}`);
}
