import { Code, describeProblem } from '../errors';
import type { DryRun } from '../intent/restriction';
import type { Mesh } from './mesh';

/** Makes sure that nobody forgets a dry run. */
export function announceDryRun(mesh: Mesh, what: string, { reason, until }: DryRun): void {
  mesh._registry.addDated({
    what: `the dry run of ${what}`,
    until,
    fix: 'remove its `enforcement`, so that calls are refused, or give it a later `until`',
  });
  mesh._registry.warnings.add(
    describeProblem({
      code: Code.DRY_RUN_ON,
      message: `${what} refuses nobody until \`${until}\`: ${reason}`,
      fix: 'grant the calls that would be refused, and remove its `enforcement`',
    }),
  );
}
