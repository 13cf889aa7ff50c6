import type { Judged, Report } from '../../check/report';
import { relativeFile } from './relative-file';
import { summaryLines } from './summary';

/**
 * A report as commands that GitHub Actions turns into annotations, and then the summary.
 *
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReport(report: Report, folder: string, today: string): string {
  const lines = [
    ...report.problems.map(({ file, line, message }) =>
      command('error', { file: relativeFile(folder, file), line, title: 'cannot be read' }, message),
    ),
    ...report.findings.map((judged) => annotation(judged, folder)),
    ...summaryLines(report, today).map(plain),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ finding, spot }: Judged, folder: string): string {
  const { code, severity, resource, field, message, fix, file, line, construct } = finding;
  const place =
    file === null || line === null
      ? {}
      : {
          file: relativeFile(folder, file),
          line,
          ...(spot !== undefined && { col: spot.column, endColumn: spot.endColumn }),
        };
  const where = construct === null ? '' : `\nconstruct: ${construct}`;
  const text = `${field === null ? '' : `${field}: `}${message}\nfix: ${fix}${where}`;
  return command(severity, { ...place, title: `${code} ${resource}` }, text);
}

function command(name: string, properties: Readonly<Record<string, string | number>>, text: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line of ours that no command can hide in. */
function plain(line: string): string {
  return line.replace(/[\r\n]/g, ' ').replace(/^(\s*)::/, '$1 : :');
}
