import type { Resilience, ResilienceLevel } from './resilience';
import { mergeResilience } from './resilience';
import type { RouteIntent } from './route';
import type { Part, ScopedLevel } from './scope';
import { describeScope, levelsOf } from './scope';
import type { Setting } from './setting';
import { settingsOf } from './setting';
import { mergeRule } from './treatment';

/** What one level says, and how it is called. */
export interface NamedLevel {
  readonly name: string;
  readonly said: ResilienceLevel;
}

/** Something whose settings may differ by port, version and caller. */
export interface Layered {
  /** What holds where no level below says otherwise. */
  readonly resilience: Resilience;
  /** What holds for some of its calls. */
  readonly scoped?: readonly ScopedLevel[];
  /** What held for some of its calls until the last change. */
  readonly ending?: readonly ScopedLevel[];
}

/** The settings that hold for a part of the calls. */
export function resilienceFor({ resilience, scoped = [] }: Layered, part: Part): Resilience {
  if (scoped.length === 0) return resilience;
  const levels = levelsOf(scoped, part).map(({ said }) => said);
  return levels.length === 0 ? resilience : mergeResilience(resilience, ...levels);
}

/** One setting, and the level that it comes from. */
export interface SettingSource extends Setting {
  readonly level: string;
}

/** Every setting that holds for a part of the calls, with the level that decided it, in a fixed order. */
export function explainSettings(
  base: readonly NamedLevel[],
  layered: Layered,
  part: Part,
  route: RouteIntent | undefined,
): readonly SettingSource[] {
  const ruled = route === undefined ? [] : [{ name: `route \`${route.name}\``, said: route.resilience }];
  const scopes = levelsOf(layered.scoped ?? [], part).map(({ scope, said }) => ({ name: describeScope(scope), said }));
  const origins = originsOf([...base, ...scopes, ...ruled]);
  const below = resilienceFor(layered, part);
  const merged = new Map(
    settingsOf(mergeResilience(below, ...ruled.map(({ said }) => said))).map(({ setting, value }) => [setting, value]),
  );
  return settingsOf(mergeRule(below, route)).map((one) => ({
    ...one,
    level:
      // What a route makes shorter without saying so is the route's, too.
      (merged.get(one.setting) === one.value ? origins.get(one.key)?.get(one.setting) : ruled[0]?.name) ?? 'default',
  }));
}

type Origins = Map<string, Map<string, string>>;

/** Who said each setting last. Whoever turns something on again begins with the defaults. */
function originsOf(levels: readonly NamedLevel[]): Origins {
  const origins: Origins = new Map();
  for (const { name, said } of levels) {
    for (const { key, setting } of settingsOf(said)) {
      const known = origins.get(key);
      const kept = known === undefined || setting === key || known.has(key) ? new Map<string, string>() : known;
      origins.set(key, kept.set(setting, name));
    }
  }
  return origins;
}
