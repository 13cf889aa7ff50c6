import { Code, MeshError } from '../errors';
import { givenOptions, givenText } from '../intent/given';
import { requireDay } from '../intent/end-date';
import type { DryRun } from '../intent/restriction';

/** Why nobody is refused for now, and until when. */
export interface DryRunOptions {
  /** Why, for whoever reads the manifests and warnings. */
  readonly reason: string;
  /** The last day of it, as `YYYY-MM-DD`, in UTC. After it, the app fails at synth. */
  readonly until: string;
}

/**
 * Whether calls that nobody granted, or that somebody denied, are refused.
 *
 * @example
 * import { Enforcement } from 'cdk8s-mesh';
 * const enforcement = Enforcement.dryRun({ reason: 'callers are being collected', until: '2027-01-31' });
 */
export class Enforcement {
  /** They are refused. */
  static enforced(): Enforcement {
    return new Enforcement(undefined);
  }

  /**
   * They are only counted: **everybody in the mesh may call, and do everything**. Mutual TLS still holds, and wrong tokens are
   * still refused.
   */
  static dryRun(options: DryRunOptions): Enforcement {
    givenText('`reason` of a dry run', givenOptions('options of a dry run', options).reason);
    if (options.reason.trim() === '') {
      throw new MeshError(Code.DRY_RUN, 'a dry run has an empty `reason`', 'say why nobody is to be refused for now');
    }
    return new Enforcement({ reason: options.reason.trim(), until: requireDay('until', options.until) });
  }

  /**
   * @internal
   */
  readonly _dryRun: DryRun | undefined;

  private constructor(dryRun: DryRun | undefined) {
    this._dryRun = dryRun;
  }
}
