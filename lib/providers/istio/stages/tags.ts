import { fieldAt, isRecord, stringMap } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';
import type { UpgradeState } from '../upgrade-stage';
import { UPGRADE_NOTE, readUpgradeNote } from '../upgrade-stage';
import { describeObject } from './objects';

/** A revision tag, and what it says about an upgrade. */
export interface StandingTag {
  /** Name of the object. */
  readonly name: string;
  readonly tag: string;
  /** The revision whose control plane injects for it. */
  readonly revision: string;
  /** The object and where it stands, for messages. */
  readonly from: string;
  /** Names of the Services that it asks. */
  readonly services: readonly string[];
  /** The annotation, and what it says; undefined where it says no upgrade. */
  readonly note?: { readonly text: string; readonly state: UpgradeState | undefined };
}

/** Whether an object is a revision tag, or something else of its kind. */
export function isWebhook({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return kind === 'MutatingWebhookConfiguration' && apiVersion.startsWith('admissionregistration.k8s.io/');
}

/** Revision tags by the names of their objects. */
export function readTags(objects: readonly StandingObject[]): ReadonlyMap<string, StandingTag> {
  const tags = objects
    .filter(({ object }) => isWebhook(object))
    .flatMap((standing): readonly StandingTag[] => {
      const labels = stringMap(fieldAt(standing.object, 'metadata', 'labels'));
      const tag = labels['istio.io/tag'];
      const revision = labels['istio.io/rev'];
      const text = standing.object.metadata?.annotations?.[UPGRADE_NOTE];
      return tag === undefined || revision === undefined
        ? []
        : [
            {
              name: standing.object.metadata?.name ?? '',
              tag,
              revision,
              from: describeObject(standing),
              services: servicesOf(standing),
              ...(text === undefined ? {} : { note: { text, state: readUpgradeNote(text) } }),
            },
          ];
    });
  return new Map(tags.map((tag) => [tag.name, tag]));
}

function servicesOf({ object }: StandingObject): readonly string[] {
  const webhooks = fieldAt(object, 'webhooks');
  return (Array.isArray(webhooks) ? webhooks : []).flatMap((webhook: unknown) => {
    const name = isRecord(webhook) ? fieldAt(webhook, 'clientConfig', 'service', 'name') : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}
