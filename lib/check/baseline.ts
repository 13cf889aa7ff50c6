import { Code, MeshError } from '../errors';
import { isRecord } from '../manifests/objects';
import type { BaselineEntry, Judged, ReportedFinding } from './report';

const VERSION = 1;

/** The text of a baseline: everything that is found now. */
export function baselineText(findings: readonly Judged[]): string {
  const entries = new Map(findings.map(({ finding }) => [baselineKey(entryOf(finding)), entryOf(finding)]));
  const sorted = [...entries.keys()].sort().map((key) => entries.get(key));
  return `${JSON.stringify({ version: VERSION, findings: sorted }, null, 2)}\n`;
}

/** Reads what {@link baselineText} has written. */
export function readBaseline(file: string, text: string): readonly BaselineEntry[] {
  const value = parse(file, text);
  const findings = isRecord(value) && value['version'] === VERSION ? value['findings'] : undefined;
  if (!Array.isArray(findings)) throw refusal(file, `is none of version \`${VERSION}\``);
  return findings.map((entry: unknown, index) => {
    if (isEntry(entry)) return { code: entry.code, resource: entry.resource, field: entry.field };
    throw refusal(file, `has no \`code\`, \`resource\` or \`field\` in \`findings[${index}]\``);
  });
}

/** What makes a finding of today the same as one of the baseline. */
export function entryOf({ code, resource, field }: ReportedFinding): BaselineEntry {
  return { code, resource, field };
}

/** One text for each entry. */
export function baselineKey({ code, resource, field }: BaselineEntry): string {
  return JSON.stringify([code, resource, field]);
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(file, `cannot be read: ${String(error)}`);
  }
}

function isEntry(entry: unknown): entry is BaselineEntry {
  return (
    isRecord(entry) &&
    typeof entry['code'] === 'string' &&
    typeof entry['resource'] === 'string' &&
    (entry['field'] === null || typeof entry['field'] === 'string')
  );
}

function refusal(file: string, what: string): MeshError {
  return new MeshError(Code.BASELINE, `the baseline \`${file}\` ${what}`, 'write it again by `--write-baseline`');
}
