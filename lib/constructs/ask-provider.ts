import { Code, MeshError, quoted } from '../errors';
import { didYouMean } from '../intent/names';
import type { Mesh } from './mesh';

/** Refuses to ask somebody for decisions whom the mesh does not know as one who makes them. */
export function requireProvider(mesh: Mesh, service: string, name: string): void {
  const { always, optional } = mesh._provider.providers;
  if (optional.includes(name)) {
    return;
  }
  if (always.includes(name)) {
    throw new MeshError(
      Code.CHECK,
      `provider \`${name}\`, which shall decide about calls to \`${service}\`, is not for decisions`,
      `use one for external authorization, there are ${quoted(optional) || 'none'}`,
    );
  }
  throw new MeshError(
    Code.PROVIDER_UNKNOWN,
    `unknown provider \`${name}\`, which shall decide about calls to \`${service}\`, the mesh has ${quoted(optional) || 'none'}${didYouMean(name, optional)}`,
    'add it to `providers` of the mesh, with the kind for external authorization',
  );
}
