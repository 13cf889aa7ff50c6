import { endingSoon } from '../../check/waivers';
import type { Report } from '../../check/report';
import { count } from './json';

/** Files of another trade are many in the root of a repository. */
const MOST_FILES = 5;

/** What is said at the end of a report: how much was found, and what nobody looked at. */
export function summaryLines(report: Report, today: string): readonly string[] {
  const { findings, waived, waivers, gone, leftAlone, problems, objects, files } = report;
  const found = [
    amount(count(findings, 'error'), 'error'),
    amount(count(findings, 'warning'), 'warning'),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
    ...(problems.length > 0 ? [`${amount(problems.length, 'place')} that cannot be read`] : []),
  ];
  return [
    `${found.join(', ')} in ${amount(objects, 'object')} of ${amount(files, 'file')}, for Istio ${report.istio}`,
    ...waivers
      .filter(({ state }) => state === 'expired')
      .map(({ code, resource, until, place }) => `waiver ended with ${until}: ${code} ${resource}${at(place)}`),
    ...waivers
      .filter(({ state }) => state === 'unused')
      .map(({ code, resource, place }) => `waiver of nothing, remove it: ${code} ${resource}${at(place)}`),
    ...endingSoon(waivers, today),
    ...(gone.length > 0
      ? [`${amount(gone.length, 'finding')} of the baseline ${gone.length === 1 ? 'is' : 'are'} gone: write it again`]
      : []),
    ...leftAlone.slice(0, MOST_FILES).map(({ file, reason }) => `left alone: ${file} (${reason})`),
    ...(leftAlone.length > MOST_FILES ? [`left alone: ${leftAlone.length - MOST_FILES} more`] : []),
  ];
}

function at(place: string | null): string {
  return place === null ? '' : ` at ${place}`;
}

function amount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
