import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import { resilienceFor } from '../intent/levels';
import type { MeshIntent } from '../intent/mesh';
import { didYouMean } from '../intent/names';
import { versionsOf } from '../intent/release';
import { idleNameProblem } from '../intent/repetition';
import { mergeResilience } from '../intent/resilience';
import { ejectionProblem, settingsProblem } from '../intent/resilience-checks';
import type { Part, ScopedLevel } from '../intent/scope';
import { describeScope, levelsOf, namedCallers } from '../intent/scope';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import { mergeRule } from '../intent/treatment';
import { onPort } from '../intent/ways';
import type { IntentPart, Provider } from '../providers/provider';

/** Protections that cannot hold where levels meet, that eject nothing, or that the mesh cannot express. */
export function levelProblems(intent: MeshIntent, provider: Provider): readonly Problem[] {
  const problems = [
    ...intent.allServices().flatMap((service) => {
      const unknown = versionProblems(service);
      return unknown.length > 0
        ? unknown
        : [...meetingProblems(service), ...limitProblems(service), ...levelsUnsupported(service, provider)];
    }),
    ...intent
      .allExternals()
      .flatMap((external) => [
        ...[settingsProblem(`\`${external.host}\``, external.resilience)].flatMap((problem) => problem ?? []),
        ...unsupportedProblems(provider, { kind: 'external', external }),
      ]),
  ];
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function levelsUnsupported(service: ServiceIntent, provider: Provider): readonly Problem[] {
  return (service.scoped ?? []).length === 0 ? [] : unsupportedProblems(provider, { kind: 'levels', service });
}

function unsupportedProblems(provider: Provider, part: IntentPart): readonly Problem[] {
  return provider.unsupported(part).map(({ feature, reason, instead }) => ({
    code: Code.UNSUPPORTED,
    message: `${provider.name} cannot express ${feature}: ${reason}`,
    fix: instead,
  }));
}

function versionProblems({ ref, release, scoped = [] }: ServiceIntent): readonly Problem[] {
  const known = release === undefined ? [] : versionsOf(release);
  const unknown = scoped
    .flatMap(({ scope: { version } }) => version ?? [])
    .filter((version) => !known.includes(version));
  const problems = [...new Set(unknown)].map((version) => ({
    code: Code.RESILIENCE,
    message: `\`addResilience\` of \`${serviceKey(ref)}\` is for version \`${version}\`, and its release has ${quoted(known) || 'none'}${didYouMean(version, known)}`,
    fix: 'name a version of its `CanaryRelease`, or remove what is said for that version',
  }));
  return [...problems, ...copyProblems(ref, release, scoped)];
}

/** Settings for requests, of a version that gets copies of them: nobody waits for those or repeats them. */
function copyProblems(
  ref: ServiceIntent['ref'],
  release: ServiceIntent['release'],
  scoped: readonly ScopedLevel[],
): readonly Problem[] {
  const to = release?.mirror?.to;
  return scoped
    .filter(({ scope }) => to?.kind === 'version' && scope.version === to.version)
    .flatMap(({ scope, said }) => {
      const idle = (['timeout', 'retries', 'retryBudget'] as const).filter((key) => said[key] !== undefined);
      return idle.length === 0
        ? []
        : [
            {
              code: Code.RESILIENCE,
              message: `${quoted(idle)} of \`${serviceKey(ref)}\` can do nothing for ${describeScope(scope)}, which gets copies only`,
              fix: 'leave it out, or say it for the service',
            },
          ];
    });
}

/** What does not hold together for some calls, named by the levels that hold for these. */
function meetingProblems(service: ServiceIntent): readonly Problem[] {
  const { scoped = [], routes } = service;
  const name = `\`${serviceKey(service.ref)}\``;
  return partsOf(service).flatMap((part) => {
    const levels = levelsOf(scoped, part).map(({ scope }) => describeScope(scope));
    const where = levels.length === 0 ? name : `${name} for ${levels.join(' and for ')}`;
    const resilience = resilienceFor(service, part);
    const counts = service.replicas.filter(
      ({ version }) => version === part.version || (part.version === undefined && service.release?.ending === true),
    );
    return [
      ...idleNames(service, part),
      ...(levels.length === 0 ? [] : [settingsProblem(where, resilience)]),
      ejectionProblem(
        where,
        resilience,
        counts.map(({ count }) => count),
      ),
      ...(levels.length === 0 ? [] : routes)
        .filter(({ ports }) => part.port === undefined || (ports?.includes(part.port) ?? true))
        .map((route) => settingsProblem(`${where}, route \`${route.name}\``, mergeRule(resilience, route))),
    ].flatMap((problem) => problem ?? []);
  });
}

/** Operations that a level names for retries which a wider level lets go no further. */
function idleNames(service: ServiceIntent, part: Part): readonly (Problem | undefined)[] {
  const levels = levelsOf(service.scoped ?? [], part);
  return levels.map(({ scope, said }, index) =>
    idleNameProblem(
      `\`${serviceKey(service.ref)}\` for ${describeScope(scope)}`,
      service.ports.filter(({ name }) => scope.ports?.includes(name) ?? true),
      said,
      mergeResilience(service.resilience, ...levels.slice(0, index + 1).map((level) => level.said)),
    ),
  );
}

/** Ports that the pods of a service cannot tell apart when they count. */
function limitProblems(service: ServiceIntent): readonly Problem[] {
  const { ref, ports } = service;
  const limit = (name: string) => {
    const { rateLimit, streamIdleTimeout } = resilienceFor(service, { port: name });
    return JSON.stringify([rateLimit ?? 'off', streamIdleTimeout]);
  };
  return ports.flatMap((port, index) =>
    ports
      .slice(0, index)
      .filter((other) => other.containerPort === port.containerPort && limit(other.name) !== limit(port.name))
      .map((other) => ({
        code: Code.RESILIENCE,
        message: `ports \`${other.name}\` and \`${port.name}\` of \`${serviceKey(ref)}\` have different limits on one container port \`${port.containerPort}\``,
        fix: 'say one `rateLimit` and `streamIdleTimeout` for both, or give each a `containerPort` of its own',
      })),
  );
}

/** The kinds of calls for which different levels may hold. */
function partsOf(service: ServiceIntent): readonly Part[] {
  const { scoped = [], release } = service;
  const versions = [undefined, ...(release === undefined ? [] : versionsOf(release))];
  if (scoped.length === 0) {
    return versions.map((version) => ({ version }));
  }
  return service.ports.flatMap((port) =>
    versions.flatMap((version) =>
      [undefined, ...namedCallers(serviceKey(service.ref), onPort(scoped, port))].map((caller) => ({
        port: port.name,
        version,
        caller,
      })),
    ),
  );
}
