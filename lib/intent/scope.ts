import { Code, MeshError, quoted } from '../errors';
import { callersRank, coversCaller, intersectCallers } from './callers';
import { byCodeUnits, labelKey } from './names';
import type { CallerRef } from './peer';
import { describeRef, refKey } from './peer';
import type { ResilienceLevel } from './resilience';
import { settingsOf } from './setting';

/** A part of the calls to a service: all of these conditions hold. */
export interface ResilienceScope {
  /** Names of ports, any of which; undefined is every port. */
  readonly ports?: readonly string[];
  /** Undefined is every version. */
  readonly version?: string;
  /** Any of which; none is every caller. */
  readonly callers: readonly CallerRef[];
}

/** What holds for a part of the calls to a service. */
export interface ScopedLevel {
  readonly scope: ResilienceScope;
  readonly said: ResilienceLevel;
  /** It holds no more, and what routes led to for its sake stays defined. */
  readonly ending?: boolean;
}

/** Calls of one kind; what is left out is everybody and everything that has no settings of its own. */
export interface Part {
  readonly port?: string | undefined;
  readonly version?: string | undefined;
  readonly caller?: CallerRef | undefined;
}

/** Settings that a proxy needs before it has chosen where a request goes; those of connections belong to where it goes. */
const REQUEST_SETTINGS: readonly string[] = ['timeout', 'retries'];

/** Settings of the pods that are called, whoever calls. */
const POD_SETTINGS: readonly string[] = ['rateLimit', 'streamIdleTimeout'];

/** Whether a level says something on how requests are treated, whatever they reach. */
export function saysRequests({ said }: Pick<ScopedLevel, 'said'>): boolean {
  return Object.keys(said).some((key) => REQUEST_SETTINGS.includes(key));
}

/** Whether a level says something on connections, and on the endpoints that they lead to. */
export function saysEndpoints({ said }: Pick<ScopedLevel, 'said'>): boolean {
  return Object.keys(said).some((key) => ![...REQUEST_SETTINGS, ...POD_SETTINGS].includes(key));
}

/** The levels that hold for a part, later ones winning: port, version, caller; of callers, whoever means fewer. */
export function levelsOf(scoped: readonly ScopedLevel[], part: Part): readonly ScopedLevel[] {
  return scoped
    .filter(({ scope }) => holdsFor(scope, part))
    .map((level) => ({ level, rank: rank(level.scope, part) }))
    .sort((a, b) => a.rank - b.rank || byCodeUnits(JSON.stringify(a.level), JSON.stringify(b.level)))
    .map(({ level }) => level);
}

function holdsFor({ ports, version, callers }: ResilienceScope, part: Part): boolean {
  return (
    (ports === undefined || (part.port !== undefined && ports.includes(part.port))) &&
    (version === undefined || version === part.version) &&
    (callers.length === 0 || callers.some((caller) => part.caller !== undefined && coversCaller(caller, part.caller)))
  );
}

function rank({ ports, version, callers }: ResilienceScope, { caller }: Part): number {
  const covering = callers.filter((wide) => caller !== undefined && coversCaller(wide, caller));
  const byCaller = Math.max(0, ...covering.map(closeness));
  return byCaller * 4 + (version === undefined ? 0 : 2) + (ports === undefined ? 0 : 1);
}

function closeness(caller: CallerRef): number {
  const labels = caller.kind === 'serviceAccount' ? Object.keys(caller.podLabels ?? {}).length : 0;
  return caller.kind === 'namespace' ? 1 : 2 + labels;
}

/** The callers that levels name, each once, whoever means fewer first; refuses two of which a pod could be both. */
export function namedCallers(owner: string, scoped: readonly ScopedLevel[]): readonly CallerRef[] {
  const callers = [
    ...new Map(scoped.flatMap(({ scope }) => scope.callers).map((caller) => [callerKey(caller), caller])).values(),
  ];
  callers.forEach((caller, index) => {
    const other = callers.slice(0, index).find((earlier) => intersectCallers(earlier, caller) === undefined);
    if (other !== undefined) {
      throw new MeshError(
        Code.RESILIENCE,
        `\`${owner}\` has settings for ${describeRef(other)} and for ${describeRef(caller)}, and it cannot be told whether a pod is both`,
        'name callers of one kind in `callers`, or one of them alone',
      );
    }
  });
  return callers.sort(
    (a, b) => byNumbers(callersRank([a]), callersRank([b])) || byCodeUnits(callerKey(a), callerKey(b)),
  );
}

function byNumbers(a: readonly number[], b: readonly number[]): number {
  return a.map((number, index) => number - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** One text per caller, equal for equal ones. */
export function callerKey(caller: CallerRef): string {
  return caller.kind === 'serviceAccount' ? `${refKey(caller)} ${labelKey(caller.podLabels ?? {})}` : refKey(caller);
}

/** Refuses a level that says otherwise what another one says for the same calls, neither of which is the narrower one. */
export function requireAgreeing(owner: string, scoped: readonly ScopedLevel[], level: ScopedLevel): void {
  for (const other of scoped.filter(({ scope }) => meet(scope, level.scope))) {
    const clash = contradiction(other.said, level.said);
    if (clash !== undefined) {
      throw new MeshError(
        Code.RESILIENCE,
        `\`${owner}\` has two values of \`${clash.setting}\` for the same calls: \`${clash.one}\` for ${describeScope(other.scope)}, and \`${clash.other}\` for ${describeScope(level.scope)}`,
        'say it once, or for fewer ports, versions or callers',
      );
    }
  }
}

/** Whether two scopes of one rank hold for some calls in common. */
function meet(a: ResilienceScope, b: ResilienceScope): boolean {
  return (
    (a.ports === undefined) === (b.ports === undefined) &&
    (a.ports ?? []).some((port) => b.ports?.includes(port)) === (a.ports !== undefined) &&
    a.version === b.version &&
    (a.callers.length === 0) === (b.callers.length === 0) &&
    a.callers.some((caller) => b.callers.some((other) => callerKey(caller) === callerKey(other))) ===
      a.callers.length > 0
  );
}

function contradiction(
  a: ResilienceLevel,
  b: ResilienceLevel,
): { readonly setting: string; readonly one: string; readonly other: string } | undefined {
  const others = settingsOf(b);
  for (const one of settingsOf(a)) {
    const other = others.find(
      ({ key, setting, value }) =>
        key === one.key && (setting === one.setting || setting === key || one.setting === key) && value !== one.value,
    );
    if (other !== undefined) {
      return { setting: one.setting, one: one.value, other: other.value };
    }
  }
  return undefined;
}

/** A scope as messages name it. */
export function describeScope({ ports, version, callers }: ResilienceScope): string {
  return [
    ...(ports === undefined ? [] : [`port ${quoted(ports)}`]),
    ...(version === undefined ? [] : [`version \`${version}\``]),
    ...(callers.length === 0 ? [] : [`caller ${callers.map(describeRef).join(', ')}`]),
  ].join(', ');
}
