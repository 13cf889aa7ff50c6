import type { Problem } from '../errors';
import { Code } from '../errors';
import { serviceKey } from '../intent/service';
import { fieldAt } from '../manifests/objects';
import type { Provider } from '../providers/provider';
import type { Registry, ServiceEntry } from './registry';
import type { Tree } from './tree';
import type { Bound } from './tree-checks';

/** Keys of the services that may call a watched service whose pods they can eject. */
export function countingCallers({ grants, services, watched }: Registry): ReadonlySet<string> {
  return new Set(
    grants.flatMap(({ caller, callee }) => {
      const called = callee.kind === 'service' ? services.get(serviceKey(callee)) : undefined;
      return caller.kind === 'service' &&
        called !== undefined &&
        watched.has(called.declaration.ref.namespace) &&
        called.declaration.resilience.outlierDetection !== 'off'
        ? [serviceKey(caller)]
        : [];
    }),
  );
}

/** The service as one whose proxies count the pods that they eject. */
export function countingEntry(entry: ServiceEntry): ServiceEntry {
  return { ...entry, declaration: { ...entry.declaration, countsEjections: true } };
}

/** Pods whose proxies do not count what they eject, since their annotations say something else or are not patched. */
export function uncountedWarnings(
  bound: readonly Bound[],
  counting: ReadonlySet<string>,
  provider: Provider,
): readonly string[] {
  return bound.flatMap(({ entry, binding }) => {
    const { declaration } = entry;
    if (!counting.has(serviceKey(declaration.ref))) {
      return [];
    }
    const without = provider.podPatch(declaration).annotations;
    const wanted = Object.entries(provider.podPatch(countingEntry(entry).declaration).annotations).filter(
      ([key, value]) => without[key] !== value,
    );
    return binding.workloads.flatMap(({ view, apiObject }) =>
      wanted
        .filter(([key, value]) =>
          view.podAnnotations[key] === undefined ? apiObject === undefined : view.podAnnotations[key] !== value,
        )
        .map(
          ([key, value]) =>
            `the pods of \`${view.kind} ${view.name}\` do not count what they eject, so that alerts and dashboards miss it; annotate them with \`${key}: '${value}'\``,
        ),
    );
  });
}

/** Telemetry of the user's own for a whole namespace beside that of this library: meshes take one of them and drop the other. */
export function telemetryProblems({ telemetry }: Registry, { others }: Tree): readonly Problem[] {
  return others
    .filter(({ view }) => view.kind === 'Telemetry' && fieldAt(view, 'spec', 'selector') === undefined)
    .filter(({ view }) => fieldAt(view, 'spec', 'targetRefs') === undefined)
    .flatMap(({ apiObject, view }) => {
      const namespace = view.metadata?.namespace ?? '';
      const own = telemetry.get(namespaceTelemetry(namespace));
      return own === undefined
        ? []
        : [
            {
              code: Code.TELEMETRY_TWICE,
              message: `\`Telemetry ${view.metadata?.name}\` at \`${apiObject.node.path}\` holds for namespace \`${namespace}\`, and so does \`${own.node.path}\``,
              fix: 'say everything in one of them',
            },
          ];
    });
}

/** What the telemetry of a namespace is called in the registry and in messages. */
export function namespaceTelemetry(namespace: string): string {
  return `telemetry of namespace \`${namespace}\``;
}
