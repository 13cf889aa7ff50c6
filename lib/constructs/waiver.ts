import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { WAIVE_NOTE, readWaiveNote, requireWaiver, waiveNote } from '../intent/waiver';

/** Options of {@link Waiver.add}. */
export interface WaiverOptions {
  /** The code of the rule, such as `MESH-CHK-501`; `cdk8s-mesh rules` lists them. */
  readonly code: string;
  /** Why the finding is accepted, in one line. */
  readonly reason: string;
  /** The last day, in UTC, on which it is accepted: `YYYY-MM-DD`. */
  readonly until: string;
}

/**
 * Findings of `cdk8s-mesh check` that are accepted for a while.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { Waiver } from 'cdk8s-mesh';
 * const chart = new Chart(new App(), 'legacy');
 * Waiver.add(chart, { code: 'MESH-CHK-501', reason: 'both revisions run until the upgrade is done', until: '2099-01-31' });
 */
export class Waiver {
  /**
   * Accepts what a rule finds in the objects of a construct and below it. The objects say so in the annotation
   * `cdk8s-mesh.github.io/waive`. Fails where there is no reason, or no day.
   */
  static add(scope: IConstruct, options: WaiverOptions): void {
    const waiver = requireWaiver(options);
    const annotate = (): string[] => {
      for (const construct of scope.node.findAll()) {
        if (!ApiObject.isApiObject(construct)) continue;
        const { annotations } = construct.metadata.toJson() as { annotations?: Record<string, string> };
        const others = readWaiveNote(annotations?.[WAIVE_NOTE] ?? '');
        construct.metadata.addAnnotation(WAIVE_NOTE, waiveNote([...others, waiver]));
      }
      return [];
    };
    // Objects may still be added; what is validated is about to be written.
    scope.node.addValidation({ validate: annotate });
  }

  private constructor() {
    // Nothing to hold: objects carry it.
  }
}
