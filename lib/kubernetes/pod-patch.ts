import { fieldAt, isRecord } from '../manifests/objects';
import type { KubeObject } from '../manifests/objects';
import { podTemplatePath } from '../manifests/workload';

/** What is added to the pods of a workload. */
export interface PodAdditions {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccountName?: string;
}

/** One addition to an object, as in a JSON patch (RFC 6902). */
export interface Addition {
  readonly path: string;
  readonly value: unknown;
}

/** The patch that makes these additions to a workload's pod template, which may lack the maps they go into. */
export function podPatch(workload: KubeObject, additions: PodAdditions): readonly Addition[] {
  const template = podTemplatePath(workload.kind);
  const maps = (['labels', 'annotations'] as const).flatMap((map) =>
    mapAdditions(workload, [...template, 'metadata', map], additions[map]),
  );
  const metadata =
    maps.length > 0 && !isRecord(fieldAt(workload, ...template, 'metadata'))
      ? [{ path: pointer([...template, 'metadata']), value: {} }]
      : [];
  return [
    ...metadata,
    ...maps,
    ...(additions.serviceAccountName === undefined
      ? []
      : [{ path: pointer([...template, 'spec', 'serviceAccountName']), value: additions.serviceAccountName }]),
  ];
}

/** The patch that adds entries to a map of an object, which may not be there yet. */
export function mapAdditions(
  object: KubeObject,
  path: readonly string[],
  entries: Readonly<Record<string, string>>,
): readonly Addition[] {
  const additions = Object.entries(entries).map(([key, value]) => ({ path: pointer([...path, key]), value }));
  return additions.length > 0 && !isRecord(fieldAt(object, ...path))
    ? [{ path: pointer(path), value: {} }, ...additions]
    : additions;
}

function pointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}
