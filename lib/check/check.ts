import type { LocatedObject, Manifests } from '../manifests/located';
import { parseFieldPath } from '../manifests/field-path';
import type { ViewOptions } from '../manifests/view';
import { viewOf } from '../manifests/view';
import type { Finding } from '../rules';
import { runRules } from '../rules';
import type { BaselineEntry, Judged, Report } from './report';
import { baselineKey, entryOf } from './baseline';
import { resourceOf } from './resource';
import type { Waiver } from './waivers';
import { WaiverBook, annotatedWaivers } from './waivers';

/** What to check, and what is known about it. */
export interface CheckInput {
  readonly manifests: Manifests;
  /** Known, but not judged. */
  readonly context?: Manifests;
  readonly view?: ViewOptions;
  /** Waivers beside those in annotations. */
  readonly waivers?: readonly Waiver[];
  /** Findings that were there before. */
  readonly baseline?: readonly BaselineEntry[];
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** The path of the construct that made an object. */
  readonly constructOf?: (object: LocatedObject) => string | undefined;
}

/** Runs all rules on manifests. */
export function checkManifests(input: CheckInput): Report {
  const { manifests, context, baseline = [] } = input;
  const view = viewOf(manifests.objects, context?.objects ?? [], input.view);
  const annotated = annotatedWaivers(manifests.objects);
  const book = new WaiverBook([...annotated.waivers, ...(input.waivers ?? [])], input.today);
  const before = new Baseline(baseline);
  const judged = runRules(view).map((finding): Judged => {
    const reported = report(finding, input.constructOf);
    return { ...reported, waiver: book.waive(reported.finding) ?? before.waive(reported) };
  });
  return {
    findings: judged.filter(({ waiver }) => waiver === undefined),
    waived: judged.filter(({ waiver }) => waiver !== undefined),
    problems: [...manifests.problems, ...(context?.problems ?? []), ...annotated.problems],
    leftAlone: manifests.leftAlone,
    waivers: book.statuses(),
    gone: before.gone(),
    objects: manifests.objects.length,
    files: new Set(manifests.objects.map(({ file }) => file)).size,
    istio: view.istio,
    complete: view.complete,
  };
}

class Baseline {
  private readonly found = new Set<string>();
  private readonly keys: ReadonlySet<string>;

  constructor(private readonly entries: readonly BaselineEntry[]) {
    this.keys = new Set(entries.map(baselineKey));
  }

  waive({ finding }: Pick<Judged, 'finding'>): Judged['waiver'] {
    const key = baselineKey(entryOf(finding));
    if (!this.keys.has(key)) return undefined;
    this.found.add(key);
    return { source: 'baseline', reason: null, until: null };
  }

  gone(): readonly BaselineEntry[] {
    return this.entries.filter((entry) => !this.found.has(baselineKey(entry)));
  }
}

function report(finding: Finding, constructOf: CheckInput['constructOf']): Omit<Judged, 'waiver'> {
  const { object: located, code, severity, message, fix, istio, field } = finding;
  const spot = located.spotOf?.(parseFieldPath(field ?? ''));
  const hasFile = located.file !== '';
  return {
    finding: {
      code,
      istio: istio ?? null,
      severity,
      resource: resourceOf(located.object),
      field: field === undefined || field === '' ? null : field,
      message,
      fix,
      file: hasFile ? located.file : null,
      line: hasFile ? (spot?.line ?? located.line) : null,
      construct: constructOf?.(located) ?? null,
    },
    spot,
  };
}
