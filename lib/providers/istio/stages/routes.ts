import { fieldAt, isRecord, recordList } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';
import { hostKey, hostsOf } from './hosts';
import { describeObject } from './objects';

/** A way from a VirtualService to a host. */
export interface Route {
  /** The host as {@link hostKey} gives it, and as it is written. */
  readonly key: string;
  readonly host: string;
  readonly subset?: string;
  /** The object and where it stands, for messages. */
  readonly from: string;
  /** Its share, where the host's own VirtualService shares everything that no match took before. */
  readonly sharePercent?: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Every way on which a VirtualService sends or mirrors anything. */
export function routesOf(virtualService: StandingObject): readonly Route[] {
  const { object } = virtualService;
  const from = describeObject(virtualService);
  const own = hostsOf(virtualService).map(({ key }) => key);
  const route = (destination: unknown, sharePercent?: number): readonly Route[] => {
    const [host, subset] = [fieldAt(destination, 'host'), fieldAt(destination, 'subset')];
    if (typeof host !== 'string') return [];
    const key = hostKey(host, object.metadata?.namespace);
    return [
      {
        key,
        host,
        from,
        ...(typeof subset === 'string' && subset !== '' ? { subset } : {}),
        ...(sharePercent === undefined || !own.includes(key) ? {} : { sharePercent }),
      },
    ];
  };
  const weighted = (rule: Json, shared: boolean): readonly Route[] => {
    const entries = recordList(rule['route']);
    return entries.flatMap(({ destination, weight }) => {
      // One destination takes everything, whatever its weight is; among several, no weight is 0.
      const percent = entries.length === 1 ? 100 : typeof weight === 'number' ? weight : 0;
      return percent > 0 ? route(destination, shared ? percent : undefined) : [];
    });
  };
  const http = recordList(fieldAt(object, 'spec', 'http'));
  return [
    ...http.flatMap((rule) => [...weighted(rule, takesTheRest(rule)), ...mirrors(rule).flatMap((to) => route(to))]),
    ...['tcp', 'tls'].flatMap((field) =>
      recordList(fieldAt(object, 'spec', field)).flatMap((rule) => weighted(rule, true)),
    ),
  ];
}

/** Whether a rule takes whatever comes to a port. */
function takesTheRest(rule: Json): boolean {
  const match = rule['match'];
  return (
    !Array.isArray(match) || match.some((entry) => isRecord(entry) && Object.keys(entry).every((k) => k === 'port'))
  );
}

function mirrors(rule: Json): readonly unknown[] {
  const percent = fieldAt(rule, 'mirrorPercentage', 'value') ?? rule['mirrorPercent'] ?? rule['mirror_percent'];
  return [
    ...(rule['mirror'] === undefined || percent === 0 ? [] : [rule['mirror']]),
    ...recordList(rule['mirrors'])
      .filter(({ percentage }) => fieldAt(percentage, 'value') !== 0)
      .map(({ destination }) => destination),
  ];
}
