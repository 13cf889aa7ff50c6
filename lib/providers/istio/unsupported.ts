import { PathMatchKind, intersectPaths } from '../../intent/path-match';
import type { Port } from '../../intent/port';
import type { Resilience } from '../../intent/resilience';
import { describeRef } from '../../intent/peer';
import { serviceKey } from '../../intent/service';
import type { IntentPart, Unsupported } from '../provider';
import type { IstioSettings } from './settings';
import { newerThan } from './version';

/** What Istio's sidecars, in the installed version, cannot express of a part of the intent. */
export function unsupported({ version, clusterDomain }: IstioSettings, part: IntentPart): readonly Unsupported[] {
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
        ...(['svc', `svc.${clusterDomain}`].some((domain) => part.external.host.endsWith(`.${domain}`))
          ? [
              {
                feature: `external host \`${part.external.host}\``,
                reason: 'it is a Service of the cluster, which the mesh knows by the same name',
                instead: 'use `MeshedService.fromRef`',
              },
            ]
          : []),
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
      return part.service.streamingOperations
        .flatMap((operation) => operation.paths)
        .flatMap((path) => part.ingress.paths.map((entered) => ({ path, entered })))
        .filter(({ path, entered }) => intersectPaths(path, entered) === undefined)
        .map(({ path, entered }) => ({
          feature: `path \`${entered.value}\` of host \`${part.ingress.host}\` beside the streaming path \`${path.value}\``,
          reason: 'it cannot be told which requests match both',
          instead: 'use `PathMatch.exact` or `PathMatch.prefix` in both, or the same match',
        }));
  }
}
