import type { Judged, Report } from '../../check/report';

/** A report for machines, as `schemas/check.schema.json` describes it. */
export function jsonReport(report: Report): string {
  const { findings, waived, problems, leftAlone, waivers, gone, objects, files, istio, complete } = report;
  const document = {
    findings: findings.map(({ finding }) => finding),
    waived: waived.map(({ finding, waiver }) => ({ ...finding, waiver })),
    summary: {
      errors: count(findings, 'error'),
      warnings: count(findings, 'warning'),
      waived: waived.length,
      objects,
      files,
      istio,
      complete,
      problems: problems.map(({ file, line, message }) => ({ file, line, message })),
      leftAlone: leftAlone.map(({ file, line, reason }) => ({ file, line, reason })),
      waivers,
      gone,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** How many findings are so bad. */
export function count(findings: readonly Judged[], severity: 'error' | 'warning'): number {
  return findings.filter(({ finding }) => finding.severity === severity).length;
}
