import type { KubeObject } from './objects';

interface Routes {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
}

/** How many VirtualServices of the mesh, and how many DestinationRules, there are for each host. */
export function readHostOwners(objects: readonly KubeObject[]): {
  readonly virtualServices: Readonly<Record<string, number>>;
  readonly destinationRules: Readonly<Record<string, number>>;
} {
  const routes = objects.filter(({ kind }) => kind === 'VirtualService').map(({ spec }) => spec as Routes);
  const rules = objects.filter(({ kind }) => kind === 'DestinationRule').map(({ spec }) => spec as { host: string });
  return {
    virtualServices: count(routes.filter(({ gateways }) => gateways === undefined).flatMap(({ hosts }) => hosts ?? [])),
    destinationRules: count(rules.map(({ host }) => host)),
  };
}

function count(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
