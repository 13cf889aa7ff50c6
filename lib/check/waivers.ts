import { MeshError } from '../errors';
import { endingWarnings } from '../intent/end-date';
import type { WaivedRule } from '../intent/waiver';
import { WAIVE_NOTE, readWaiveNote } from '../intent/waiver';
import type { TextProblem } from '../manifests/documents';
import type { LocatedObject } from '../manifests/located';
import { isRecord } from '../manifests/objects';
import { describePlace } from '../manifests/place';
import { findRule } from '../rules';
import type { ReportedFinding, ReportedWaiver, WaiverSource, WaiverStatus } from './report';
import { resourceOf } from './resource';

/** A waiver of a finding about one resource. */
export interface Waiver extends WaivedRule {
  readonly resource: string;
  readonly source: WaiverSource;
  /** Where it is written; null where nobody knows. */
  readonly place: string | null;
}

/** Waivers, and notes that are none. */
export interface ReadWaivers {
  readonly waivers: readonly Waiver[];
  readonly problems: readonly TextProblem[];
}

/** What objects say about themselves in their annotations. */
export function annotatedWaivers(objects: readonly LocatedObject[]): ReadWaivers {
  const read = objects.map(waiversOn);
  return {
    waivers: read.flatMap(({ waivers }) => waivers),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function waiversOn(located: LocatedObject): ReadWaivers {
  const annotations: unknown = located.object.metadata?.annotations;
  const note = isRecord(annotations) ? annotations[WAIVE_NOTE] : undefined;
  if (typeof note !== 'string') return { waivers: [], problems: [] };
  const line = located.spotOf?.(['metadata', 'annotations', WAIVE_NOTE]).line ?? located.line;
  const { file } = located;
  try {
    const place = file === '' ? null : describePlace({ file, line });
    const waivers = readWaiveNote(note).map((waiver) => ({
      ...known(waiver),
      resource: resourceOf(located.object),
      source: 'annotation' as const,
      place,
    }));
    return { waivers, problems: [] };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { waivers: [], problems: [{ file, line, message: error.message }] };
  }
}

/** A waiver may name a rule as `istioctl analyze` does. */
export function known(waiver: WaivedRule): WaivedRule {
  return { ...waiver, code: findRule(waiver.code)?.code ?? waiver.code };
}

/** Which waivers hold today, and what becomes of all of them. */
export class WaiverBook {
  private readonly byFinding = new Map<string, Waiver[]>();
  private readonly used = new Set<Waiver>();

  constructor(
    private readonly waivers: readonly Waiver[],
    private readonly today: string,
  ) {
    for (const waiver of waivers) {
      const key = keyOf(waiver);
      this.byFinding.set(key, [...(this.byFinding.get(key) ?? []), waiver]);
    }
  }

  /** The waiver of a finding, which is used by that; undefined where the finding counts. */
  waive(finding: ReportedFinding): ReportedWaiver | undefined {
    const [first, ...others] = (this.byFinding.get(keyOf(finding)) ?? []).filter((waiver) => !this.isExpired(waiver));
    if (first === undefined) return undefined;
    for (const waiver of [first, ...others]) this.used.add(waiver);
    return { source: first.source, reason: first.reason, until: first.until };
  }

  /** Each waiver, after all findings were asked for. */
  statuses(): readonly WaiverStatus[] {
    return this.waivers.map((waiver) => ({
      code: waiver.code,
      resource: waiver.resource,
      source: waiver.source,
      reason: waiver.reason,
      until: waiver.until,
      state: this.isExpired(waiver) ? 'expired' : this.used.has(waiver) ? 'used' : 'unused',
      place: waiver.place,
    }));
  }

  private isExpired({ until }: Waiver): boolean {
    return until < this.today;
  }
}

/** What is said of waivers that end soon. */
export function endingSoon(waivers: readonly WaiverStatus[], today: string): readonly string[] {
  return endingWarnings(
    waivers.flatMap(({ code, resource, until, state }) =>
      until === null || state !== 'used'
        ? []
        : [
            {
              what: `the waiver of \`${code}\` for \`${resource}\``,
              until,
              fix: 'correct the object, or extend `until`',
            },
          ],
    ),
    today,
  );
}

function keyOf({ code, resource }: { readonly code: string; readonly resource: string }): string {
  return `${code} ${resource}`;
}
