import { comparableVersion } from '../../intent/release';
import type { PathMatch } from '../../intent/path-match';
import { PathMatchKind, templateRegex } from '../../intent/path-match';

/** A duration as Istio writes it: `250ms`, `15s`. */
export function duration(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}s` : `${millis}ms`;
}

/** A duration inside of an EnvoyFilter, where there are seconds alone: `0.25s`. */
export function seconds(millis: number): string {
  return `${millis / 1000}s`;
}

/** The name of the subset of a version: Istio takes no `.` and `_` there, which versions often have. */
export function subsetName(version: string): string {
  return comparableVersion(version);
}

/** Text as a regular expression that matches nothing else. */
export function regexLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Paths of a VirtualService match; a prefix becomes two entries so that it ends on a segment border. */
export function uriMatches(path: PathMatch): readonly Readonly<Record<string, string>>[] {
  switch (path.kind) {
    case PathMatchKind.EXACT:
      return [{ exact: path.value }];
    case PathMatchKind.PREFIX:
      return path.value === '/' ? [{ prefix: '/' }] : [{ exact: path.value }, { prefix: `${path.value}/` }];
    case PathMatchKind.TEMPLATE:
      return [{ regex: templateRegex(path.value) }];
    case PathMatchKind.REGEX:
      return [{ regex: path.value }];
  }
}

/** Paths of an AuthorizationPolicy; what it cannot compare is refused before by `unsupported`. */
export function policyPaths(path: PathMatch): readonly string[] {
  if (path.kind === PathMatchKind.PREFIX) {
    return path.value === '/' ? ['/*'] : [path.value, `${path.value}/*`];
  }
  return [path.value];
}

/** Eight digits that differ for different texts (FNV-1a), for names that would be too long or ambiguous without. */
export function hash(text: string): string {
  const sum = [...text].reduce((last, char) => Math.imul(last ^ (char.codePointAt(0) ?? 0), 0x01000193), 0x811c9dc5);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
