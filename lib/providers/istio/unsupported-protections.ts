import type { Port } from '../../intent/port';
import { selectPorts } from '../../intent/port';
import type { Resilience, RetrySettings } from '../../intent/resilience';
import { mergeResilience } from '../../intent/resilience';
import { describeScope } from '../../intent/scope';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { Unsupported } from '../provider';
import { duration } from './format';
import { subsetsOf } from './subsets';
import type { IstioVersion } from './version';
import { newerThan } from './version';

/** Protections that the installed version does not have. */
export function protections(
  version: IstioVersion,
  owner: string,
  ports: readonly Port[],
  { retries, retryBudget, loadBalancing, outlierDetection }: Resilience,
): readonly Unsupported[] {
  return [
    ...repetition(version, owner, retries),
    ...(retryBudget === 'off' || !ports.some((port) => port.carriesRequests)
      ? []
      : newerThan(
          version,
          'DestinationRule `retryBudget`',
          `\`${owner}\``,
          'set `retryBudget: RetryBudget.off()`, or install that version',
        )),
    ...('warmupMillis' in loadBalancing
      ? newerThan(version, 'DestinationRule `warmup`', `\`${owner}\``, 'leave `warmup` out, or install that version')
      : []),
    ...(outlierDetection === 'off' || outlierDetection.errorRatePercent === undefined
      ? []
      : [
          {
            feature: `ejection of \`${owner}\` by an error rate of ${outlierDetection.errorRatePercent}%`,
            reason: 'no release of Istio has such a field, up to 1.31',
            instead: 'use `consecutive5xxErrors`, which counts failures without a success in between',
          },
        ]),
  ];
}

/** Ways of repeating requests that the installed version does not have. */
export function repetition(
  version: IstioVersion,
  owner: string,
  retries: Partial<RetrySettings> | 'off' | undefined,
): readonly Unsupported[] {
  const { backoffMillis, otherEndpoint } = retries === 'off' || retries === undefined ? {} : retries;
  return [
    ...(backoffMillis === undefined
      ? []
      : newerThan(
          version,
          'VirtualService `retries.backoff`',
          `\`${owner}\``,
          'leave `backoff` out of `Retries.of`, or install that version',
        )),
    ...(otherEndpoint === undefined
      ? []
      : newerThan(
          version,
          'VirtualService `retries.retryIgnorePreviousHosts`',
          `\`${owner}\``,
          'leave `otherEndpoint` out of `Retries.of`, or install that version',
        )),
  ];
}

/** What the callee's proxy does with a connection on which nothing is said, whatever the caller's says. */
const CALLEE_IDLE_MILLIS = 3_600_000;

/** An idle limit that callers keep and callees do not. */
export function tcpIdleTimeout(
  owner: string,
  ports: readonly Port[],
  { connectionPool }: Resilience,
): readonly Unsupported[] {
  return connectionPool === 'off' ||
    connectionPool.tcpIdleTimeoutMillis <= CALLEE_IDLE_MILLIS ||
    ports.every((port) => port.carriesRequests)
    ? []
    : [
        {
          feature: `a tcpIdleTimeout of ${duration(connectionPool.tcpIdleTimeoutMillis)} of \`${owner}\``,
          reason: "the proxy of the service's own pods ends connections on which nothing is said after an hour",
          instead: 'use at most an hour, and let the application say something before',
        },
      ];
}

/** The release from which on a subset with a policy of its own has a retry budget. */
const SUBSET_BUDGETS = { minor: 29, patch: 2 };

/** What levels say that the installed version cannot hold. */
export function levels(version: IstioVersion, service: ServiceIntent): readonly Unsupported[] {
  const name = serviceKey(service.ref);
  const { minor, patch } = SUBSET_BUDGETS;
  const lost =
    version.minor > minor || (version.minor === minor && version.patch >= patch)
      ? undefined
      : subsetsOf({ ...service, name }).find(({ resilience }) => (resilience?.retryBudget ?? 'off') !== 'off');
  return [
    ...(service.scoped ?? []).flatMap(({ scope, said }) => {
      const owner = `${name}\` for ${describeScope(scope).replace(/`$/, '')}`;
      const ports = selectPorts(name, service.ports, scope.ports);
      const merged = mergeResilience(said);
      return [
        ...protections(
          version,
          owner,
          ports,
          said.retryBudget === undefined ? { ...merged, retryBudget: 'off' } : merged,
        ),
        ...tcpIdleTimeout(owner, ports, merged),
      ];
    }),
    ...(lost === undefined || !service.ports.some((port) => port.carriesRequests)
      ? []
      : [
          {
            feature: `a retry budget of \`${name}\` for ${describeScope(lost.scope)}`,
            reason: `before Istio 1.${minor}.${patch} a subset with a policy of its own has none`,
            instead: 'set `retryBudget: RetryBudget.off()` there, or install that version',
          },
        ]),
  ];
}
