import type { Problem } from '../../../errors';
import { Code, quoted } from '../../../errors';
import { byCodeUnits } from '../../../intent/names';
import { fieldAt, stringMap } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';
import { describeObject } from './objects';
import type { StandingTag } from './tags';

/** A namespace, and by what its pods are injected. */
interface Follower {
  /** The tag or revision; undefined where it is the default revision, or nobody. */
  readonly revision: string | undefined;
  readonly isInjected: boolean;
  readonly from: string;
}

/** What runs at one time, by the names of objects. */
interface Followed {
  readonly tags: ReadonlyMap<string, StandingTag>;
  readonly namespaces: ReadonlyMap<string, Follower>;
}

/** Whether an object is a namespace. */
export function isNamespace({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

/** Every namespace, by its name. */
export function readFollowers(objects: readonly StandingObject[]): ReadonlyMap<string, Follower> {
  return new Map(
    objects
      .filter(({ object }) => isNamespace(object))
      .map((standing) => {
        const labels = stringMap(fieldAt(standing.object, 'metadata', 'labels'));
        const injection = labels['istio-injection'];
        // With both labels, that of the default revision holds.
        const revision = injection === undefined ? labels['istio.io/rev'] : undefined;
        const isInjected = revision !== undefined || injection === 'enabled';
        return [standing.object.metadata?.name ?? '', { revision, isInjected, from: describeObject(standing) }];
      }),
  );
}

/** Tags that come or go in the change in which namespaces begin, or end, to follow them: nobody would inject their pods in between. */
export function followerProblems(before: Followed, after: Followed): readonly Problem[] {
  const [were, are] = [tagNames(before), tagNames(after)];
  return [...before.namespaces]
    .sort(([one], [other]) => byCodeUnits(one, other))
    .flatMap(([name, was]): readonly Problem[] => {
      const is = after.namespaces.get(name);
      if (is === undefined || !was.isInjected) return [];
      // Who follows it already has it from somebody else, whose place this one takes.
      const begins = is.revision !== undefined && is.revision !== was.revision;
      const comes = begins && are.has(is.revision ?? '') && !were.has(is.revision ?? '');
      const goes = was.revision !== undefined && were.has(was.revision) && !are.has(was.revision);
      if (!comes && !goes) return [];
      const tag = (comes ? is.revision : was.revision) ?? '';
      return [
        {
          code: Code.FOLLOWED_NOBODY,
          message: comes
            ? `namespace \`${name}\` begins to follow tag \`${tag}\` in the change that brings the tag, and may be applied before it, so that its pods would start without a proxy: before ${was.from}, now ${is.from}`
            : `tag \`${tag}\` goes away in the change in which namespace \`${name}\` ${is.revision === was.revision ? 'still follows it' : 'ceases to follow it'}, and may be gone before, so that its pods would start without a proxy: before ${was.from}, now ${is.from}`,
          fix: `in this change, have the tag among \`furtherTags\` of the install, which has ${described(comes ? were : are)}; ${comes ? 'let the namespace follow it in the next one' : 'leave it out in the next one'}`,
        },
      ];
    });
}

function tagNames({ tags }: Followed): ReadonlySet<string> {
  return new Set([...tags.values()].map(({ tag }) => tag));
}

function described(tags: ReadonlySet<string>): string {
  return tags.size === 0 ? 'none yet' : quoted(tags);
}
