import type { Judged, Report } from '../../check/report';
import type { Spot } from '../../manifests/place';
import { summaryLines } from './summary';

/** How a report for people looks. */
export interface TextStyle {
  readonly colors: boolean;
}

const WIDTH = 100;
const RESET = '\u001b[0m';
const COLORS = { error: '\u001b[1;31m', warning: '\u001b[1;33m', dim: '\u001b[2m', bold: '\u001b[1m' } as const;

type Paint = (color: keyof typeof COLORS, text: string) => string;

/** A report for people: by file, with the line concerned and what to do. */
export function textReport(report: Report, { colors }: TextStyle, today: string): string {
  const paint: Paint = (color, text) => (colors ? `${COLORS[color]}${text}${RESET}` : text);
  const groups = new Map<string, Judged[]>();
  for (const judged of report.findings) {
    const file = judged.finding.file ?? '';
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [judged]);
    else group.push(judged);
  }
  const blocks = [
    ...report.problems.map(
      ({ file, line, message }) => `${paint('error', 'cannot be read')} ${shown(file)}:${line}: ${shown(message)}\n`,
    ),
    ...[...groups].map(([file, group]) =>
      [
        ...(file === '' ? [] : [`${paint('bold', shown(file))}\n`]),
        ...group.map((judged) => findingText(judged, paint)),
      ].join('\n'),
    ),
    `${summaryLines(report, today).map(shown).join('\n')}\n`,
  ];
  return blocks.join('\n');
}

function findingText({ finding, spot }: Judged, paint: Paint): string {
  const { code, severity, resource, field, message, fix, file, line, construct } = finding;
  const place = file === null || line === null ? [] : [`${file}:${line}${spot === undefined ? '' : `:${spot.column}`}`];
  const lines = [
    `${paint(severity, severity)} ${paint('bold', code)} ${shown(resource)}`,
    `  ${shown(`${field === null ? '' : `${field}: `}${message}`)}`,
    ...(spot === undefined ? [] : excerpt(spot, severity, paint)),
    `  fix: ${shown(fix)}`,
    ...[...place, ...(construct === null ? [] : [`construct ${construct}`])].map((text) =>
      paint('dim', `  at ${shown(text)}`),
    ),
  ];
  return lines.map((text) => `${text}\n`).join('');
}

/** The line, as much of it as fits, and carets below what is meant. */
function excerpt(spot: Spot, severity: 'error' | 'warning', paint: Paint): readonly string[] {
  const begin = Math.max(0, Math.min(spot.column - 1 - WIDTH / 2, spot.text.length - WIDTH));
  const text = shown(spot.text.slice(begin, begin + WIDTH));
  const start = Math.min(spot.column - 1 - begin, text.length);
  const length = Math.max(1, Math.min(spot.endColumn - spot.column, text.length - start));
  const gutter = String(spot.line);
  return [
    `  ${paint('dim', `${gutter} |`)} ${text}`,
    `  ${paint('dim', `${' '.repeat(gutter.length)} |`)} ${' '.repeat(start)}${paint(severity, '^'.repeat(length))}`,
  ];
}

/** Text of others, without what would move the cursor or colour the terminal; as long as it was. */
function shown(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}
