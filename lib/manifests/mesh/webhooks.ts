import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, stringMap, textAt } from '../objects';
import type { ManifestView } from '../view';

/** A webhook of Istio, as a cluster calls it. */
export interface Webhook {
  readonly object: LocatedObject;
  /** Where it stands, such as `webhooks[0]`. */
  readonly path: string;
  readonly name: string;
  readonly namespaces: unknown;
  readonly pods: unknown;
  /** Whether it puts proxies into pods, and does not check configuration. */
  readonly injects: boolean;
  /** Its address outside of the cluster; null where neither an address nor a Service is named. */
  readonly url: string | null | undefined;
  readonly service: { readonly namespace: string; readonly name: string } | undefined;
}

/**
 * All webhooks of Istio: those that inject, and those that check configuration.
 *
 * Source: https://istio.io/latest/docs/ops/configuration/mesh/webhook/
 */
export function webhooks(view: ManifestView): readonly Webhook[] {
  return view.fact(readWebhooks);
}

const OF_ISTIO = /(^|\.)(sidecar-injector|validation)\.istio\.io$/;

function readWebhooks(view: ManifestView): readonly Webhook[] {
  return [Kind.MUTATING_WEBHOOKS, Kind.VALIDATING_WEBHOOKS].flatMap((kind) =>
    view.of(kind).flatMap((object) =>
      indexedRecords(fieldAt(object.object, 'webhooks')).flatMap(([webhook, index]) => {
        const name = textAt(webhook, 'name') ?? '';
        return OF_ISTIO.test(name) ? [readWebhook(object, name, webhook, `webhooks[${index}]`)] : [];
      }),
    ),
  );
}

function readWebhook(
  object: LocatedObject,
  name: string,
  webhook: Readonly<Record<string, unknown>>,
  path: string,
): Webhook {
  const client = webhook['clientConfig'];
  const service = stringMap(fieldAt(client, 'service'));
  const hasService = fieldAt(client, 'service') !== undefined;
  return {
    object,
    path,
    name,
    namespaces: webhook['namespaceSelector'],
    pods: webhook['objectSelector'],
    injects: name.endsWith('sidecar-injector.istio.io'),
    url: textAt(client, 'url') ?? (hasService ? undefined : null),
    service: hasService ? { namespace: service['namespace'] ?? '', name: service['name'] ?? '' } : undefined,
  };
}
