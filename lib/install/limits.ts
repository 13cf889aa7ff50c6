import { Code, MeshError } from '../errors';
import { isRecord } from '../manifests/objects';
import type { HelmCharts, HelmRelease, Values } from './helm-release';

/** Says that a tool cannot do what is asked of it. */
export function limit(message: string, fix: string): MeshError {
  return new MeshError(Code.DELIVERY_LIMIT, message, fix);
}

/** Refuses charts from somewhere else, for tools that bring their own. */
export function requireNoRepository(tool: string, { repository, isChosen }: HelmCharts): void {
  if (!isChosen) return;
  throw limit(`${tool} brings the charts itself, and reads none from \`${repository}\``, 'leave `chartRepository` out');
}

/** Releases of tools that lose `null`, by which Helm takes a default away, on the way to Helm: it is refused. */
export function withoutNull(tool: string, releases: readonly HelmRelease[]): readonly HelmRelease[] {
  for (const { chart, values } of releases) {
    const place = nullIn(values, '');
    if (place !== undefined) {
      throw limit(
        `\`${place}\` of the chart \`${chart}\` is \`null\`, which ${tool} loses on the way`,
        'give the value that shall hold, or leave it out',
      );
    }
  }
  return releases;
}

function nullIn(value: unknown, at: string): string | undefined {
  if (value === null) return at;
  if (typeof value !== 'object') return undefined;
  for (const [key, entry] of Object.entries(value)) {
    const place = nullIn(entry, Array.isArray(value) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The releases of one chart. */
export function releasesOf(releases: readonly HelmRelease[], chart: string): readonly HelmRelease[] {
  return releases.filter((release) => release.chart === chart);
}

/** Values of several charts as those of one; refuses two that say something else at the same place. */
export function oneTree(tool: string, parts: readonly Values[]): Values {
  return parts.reduce((one, part) => joined(tool, '', one, part), {});
}

function joined(tool: string, place: string, one: Values, other: Values): Values {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const at = place === '' ? key : `${place}.${key}`;
    const said = one[key];
    if (said === undefined) result[key] = value;
    else if (isRecord(said) && isRecord(value)) result[key] = joined(tool, at, said, value);
    else if (JSON.stringify(said) !== JSON.stringify(value)) {
      throw limit(
        `${tool} gives all charts the same values, and \`${at}\` shall be \`${JSON.stringify(said)}\` for one, \`${JSON.stringify(value)}\` for another`,
        'give both the same, or choose another delivery',
      );
    }
  }
  return result;
}

/** Values without some of their keys. */
export function without(values: Values, ...keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/** The places of values that are no maps, and of empty maps. */
export function leaves(values: Values, place = ''): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = place === '' ? key : `${place}.${key}`;
    return isRecord(value) && Object.keys(value).length > 0 ? leaves(value, at) : [at];
  });
}
