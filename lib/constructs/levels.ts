import { explainSettings } from '../intent/levels';
import { versionsOf } from '../intent/release';
import type { ScopedLevel } from '../intent/scope';
import { namedCallers, requireAgreeing } from '../intent/scope';
import { serviceKey } from '../intent/service';
import type { ExplainResilienceOptions, ResilienceSource } from '../options/explain-resilience';
import { explained } from '../options/explain-resilience';
import type { ScopedResilienceOptions } from '../options/scoped-resilience';
import { scopedLevel } from '../options/scoped-resilience';
import type { ServiceEntry } from '../synthesis/registry';
import { requireKnown } from './grant';
import { requireUnbalanced } from './headless';
import type { Mesh } from './mesh';

/** Registers protections of some calls; refuses what contradicts others. */
export function addLevel(
  mesh: Mesh,
  { declaration, scoped }: ServiceEntry,
  options: ScopedResilienceOptions,
): ScopedLevel {
  const key = serviceKey(declaration.ref);
  const level = scopedLevel(declaration, options);
  requireKnown(mesh, `\`addResilience\` of \`${key}\``, level.scope.callers);
  if (declaration.headless === true) {
    requireUnbalanced(key, level.said);
  }
  requireAgreeing(key, scoped, level);
  namedCallers(key, [...scoped, level]);
  scoped.push(level);
  mesh._registry.scoped.push(level);
  return level;
}

/** Where each protection of some calls comes from. */
export function sourcesOf(
  { declaration, levels, scoped, routes, release }: ServiceEntry,
  options: ExplainResilienceOptions,
): readonly ResilienceSource[] {
  const versions = release === undefined ? [] : versionsOf(release.intent);
  const { part, route } = explained(declaration, { routes, versions }, options);
  const holding = { ...declaration, scoped: scoped.filter(({ ending }) => ending !== true) };
  return explainSettings(levels, holding, part, route).map(({ setting, value, level }) => ({ setting, value, level }));
}
