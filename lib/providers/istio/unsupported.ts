import { PathMatchKind } from '../../intent/path-match';
import type { Port } from '../../intent/port';
import type { Resilience } from '../../intent/resilience';
import { describeRef } from '../../intent/peer';
import { serviceKey } from '../../intent/service';
import type { IntentPart, Unsupported } from '../provider';
import type { IstioSettings } from './settings';
import { newerThan } from './version';

/** What Istio's sidecars, in the installed version, cannot express of a part of the intent. */
export function unsupported({ version }: IstioSettings, part: IntentPart): readonly Unsupported[] {
  const budget = (owner: string, ports: readonly Port[], { retryBudget }: Resilience) =>
    retryBudget === 'off' || !ports.some((port) => port.carriesRequests)
      ? []
      : newerThan(
          version,
          'DestinationRule `retryBudget`',
          `\`${owner}\``,
          'set `retryBudget: RetryBudget.off()`, or install that version',
        );
  switch (part.kind) {
    case 'service':
      return budget(serviceKey(part.service.ref), part.service.ports, part.service.resilience);
    case 'external':
      return [
        ...budget(serviceKey(part.external), part.external.ports, part.external.resilience),
        ...(part.external.resolution.kind === 'dynamicDns'
          ? newerThan(
              version,
              'ServiceEntry resolution `DYNAMIC_DNS` in sidecars',
              `\`${part.external.host}\``,
              'declare each host by its full name, or install that version',
            )
          : []),
      ];
    case 'grant':
      return part.grant.operations
        .flatMap((operation) => operation.paths)
        .filter((path) => path.kind === PathMatchKind.REGEX)
        .map((path) => ({
          feature: `path regex \`${path.value}\` in a grant to ${describeRef(part.grant.callee)}`,
          reason: 'an AuthorizationPolicy compares no regular expressions',
          instead: 'use `PathMatch.exact`, `PathMatch.prefix` or `PathMatch.template`',
        }));
    case 'ingress':
      return [];
  }
}
