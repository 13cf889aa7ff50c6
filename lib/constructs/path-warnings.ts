import { Code, describeProblem } from '../errors';
import type { PathMatch } from '../intent/path-match';
import { PathMatchKind } from '../intent/path-match';
import type { Mesh } from './mesh';

/** What is granted below a path is more than that, where proxies take `..` for the name of a segment. */
export function warnOfDots(mesh: Mesh, what: string, paths: readonly PathMatch[]): void {
  const path = paths.find(({ kind, value }) => kind !== PathMatchKind.EXACT && value !== '/');
  if (path !== undefined && !mesh._provider.resolvesDots) {
    mesh._registry.warnings.add(
      describeProblem({
        code: Code.PATH_GRANT,
        message: `${what} is by path \`${path.value}\`, and proxies do not normalize paths: \`/../\` in a path leads most applications out of it`,
        fix: 'let the mesh normalize paths and say so in `pathNormalization`, or grant exact paths',
      }),
    );
  }
}

/** What is denied by path gets through by another way to write the path, where nobody normalizes it. */
export function warnOfSlashes(mesh: Mesh, what: string, name: string, paths: readonly PathMatch[]): void {
  const path = paths.find(({ kind, value }) => kind !== PathMatchKind.PREFIX || value !== '/');
  if (path !== undefined && !mesh._provider.mergesSlashes) {
    mesh._registry.warnings.add(
      describeProblem({
        code: Code.PATH_DENIAL,
        message: `${what} at \`${name}\` is by path \`${path.value}\`, and the mesh does not take \`/${path.value}\` for the same, which many applications do`,
        fix: 'let the mesh merge slashes and say so in `pathNormalization`, or grant the other paths instead',
      }),
    );
  }
}
