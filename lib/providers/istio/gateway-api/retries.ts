import { quoted } from '../../../errors';
import type { IngressIntent } from '../../../intent/ingress';
import { carriesConnections } from '../../../intent/ingress';
import type { MeshIntent } from '../../../intent/mesh';
import { Protocol } from '../../../intent/port';
import { HARMLESS_CONDITIONS } from '../../../intent/resilience';
import { serviceKey } from '../../../intent/service';
import type { Unsupported } from '../../provider';
import type { IstioSettings } from '../settings';
import type { StandardRule } from './rules';
import { composedRules } from './rules';

/** What to do instead, where only the other API can say it. */
export const OTHER_API = 'use `IngressApi.MESH` for these hosts';

/** Something that a standard route cannot say, with why. */
export type Entry = (feature: string, reason: string, instead?: string) => Unsupported;

/** Retries that the gateway makes by itself, where nobody may repeat that. */
export function retryLimits(
  ingress: IngressIntent,
  rules: readonly StandardRule[],
  entry: Entry,
): readonly Unsupported[] {
  if (ingress.port.protocol === Protocol.GRPC) {
    return [
      entry(
        'gRPC',
        'Gateway API has no retries in its standard channel, and the gateway by itself repeats calls that end with `UNAVAILABLE` or `CANCELLED`, which may have taken effect',
      ),
    ];
  }
  const strict = rules.some(
    ({ route: { retries, destinations } }) =>
      destinations.length > 0 &&
      (retries === 'off' || HARMLESS_CONDITIONS.some((condition) => !retries.conditions.includes(condition))),
  );
  return strict
    ? [
        entry(
          'calls that nobody repeats',
          `Gateway API has no retries in its standard channel, and the gateway makes two of its own on ${quoted(HARMLESS_CONDITIONS)}`,
          `let \`retries\` of the service have these conditions, or ${OTHER_API}`,
        ),
      ]
    : [];
}

/** What clients do without at a standard ingress. */
export function standardWarnings(settings: IstioSettings, ingress: IngressIntent, mesh: MeshIntent): readonly string[] {
  const rules = carriesConnections(ingress) ? [] : composedRules(settings, ingress, mesh);
  const lost = rules.flatMap(({ route: { retries } }) =>
    retries === 'off' ? [] : retries.conditions.filter((condition) => !HARMLESS_CONDITIONS.includes(condition)),
  );
  return lost.length === 0
    ? []
    : [
        `routes of Gateway API have no retries: for clients of ${quoted(ingress.hosts)}, nothing is repeated on ${quoted(new Set(lost))}, as \`${serviceKey(ingress.service)}\` has it`,
      ];
}
