import { quoted } from '../../errors';
import type { ArgoRolloutsIntent, Delivery, FlaggerIntent } from '../../intent/delivery';
import { DEFAULT_RESILIENCE, HARMLESS_CONDITIONS } from '../../intent/resilience';
import { versionsOf } from '../../intent/release';
import { describeScope, saysEndpoints, saysRequests } from '../../intent/scope';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { Unsupported } from '../provider';
import { repeatsByMethod } from './flagger';
import { subsetsOf } from './subsets';
import { REVISION_LABELS, first } from './release-metrics';

/** What Argo Rollouts with Istio cannot do for a service. */
export function argoRolloutsLimits(
  service: ServiceIntent,
  _controller: ArgoRolloutsIntent,
  delivery: Delivery,
): readonly Unsupported[] {
  const key = serviceKey(service.ref);
  const { workload, preview, ingresses } = delivery;
  const narrow = ingresses.find(({ paths }) => paths.length > 0);
  return [
    ...(first(workload.podLabels, REVISION_LABELS) === undefined
      ? [
          {
            feature: `an analysis of \`${key}\` by Argo Rollouts`,
            reason: `the pods of \`Deployment ${workload.name}\` have no label ${quoted(REVISION_LABELS.slice(-1))}, by which metrics tell the new version from the one that runs`,
            instead: 'give the pod template the label `version`, and change it with each release',
          },
        ]
      : []),
    ...subsetLimits(service),
    ...(preview.length > 0 && service.routes.length > 0
      ? [
          {
            feature: `\`candidateWhen\` of \`${key}\` beside its routes ${quoted(service.routes.map(({ name }) => name))}`,
            reason:
              'Argo Rollouts puts the route of chosen requests before all others, so that these would not hold for them',
            instead: 'leave `candidateWhen` out, or the routes',
          },
        ]
      : []),
    ...(preview.length > 0 && narrow !== undefined
      ? [
          {
            feature: `\`candidateWhen\` of \`${key}\` at the ingress ${quoted(narrow.hosts)}`,
            reason: 'Argo Rollouts routes chosen requests of every path, also of those that the ingress keeps out',
            instead: 'leave `candidateWhen` out, or `paths` of the IngressRoute',
          },
        ]
      : []),
  ];
}

/** Only the subsets of its two versions are known to Argo Rollouts. */
function subsetLimits(service: ServiceIntent): readonly Unsupported[] {
  const name = serviceKey(service.ref);
  const known = service.release === undefined ? [] : versionsOf(service.release);
  const unknown = subsetsOf({ ...service, name }).find(
    ({ scope }) => scope.ports !== undefined || scope.callers.length > 0,
  );
  const versioned = (service.scoped ?? []).find(({ scope: { version } }) => version !== undefined);
  const scope = unknown?.scope ?? versioned?.scope;
  return scope === undefined
    ? []
    : [
        {
          feature: `\`addResilience\` of \`${name}\` for ${describeScope(scope)} under Argo Rollouts`,
          reason: `it moves calls between ${quoted(known)}, and knows of no other subset`,
          instead: 'say it for the service, or only `timeout` and `retries` for ports and callers',
        },
      ];
}

/** What Flagger has no field for, and what it could not tell apart. */
export function flaggerLimits(
  service: ServiceIntent,
  { selectorLabels }: FlaggerIntent,
  { workload, ingresses }: Delivery,
): readonly Unsupported[] {
  const key = serviceKey(service.ref);
  const { resilience, streamingOperations } = service;
  const routes = [...service.routes, ...service.connections];
  const scoped = (service.scoped ?? []).filter((level) => saysRequests(level) || saysEndpoints(level));
  const cannot = (feature: string, reason: string, instead: string) => ({
    feature: `${feature} of \`${key}\` under Flagger`,
    reason,
    instead,
  });
  const narrow = ingresses.find(({ paths }) => paths.length > 0);
  const rewritten = selectorLabels.some((label) => workload.matchLabels[label] !== undefined);
  return [
    ...(rewritten
      ? []
      : [
          cannot(
            `\`Deployment ${workload.name}\``,
            `its selector has ${quoted(Object.keys(workload.matchLabels)) || 'no label'}, and Flagger tells versions apart by one of ${quoted(selectorLabels)} in it`,
            'give the selector one of them, or start Flagger with `-selector-labels` and name them as `selectorLabels`',
          ),
        ]),
    ...(routes.length > 0
      ? [
          cannot(
            `routes ${quoted(routes.map(({ name }) => name))}`,
            'it makes one route for all requests of a host',
            'remove them, or use `ReleaseController.argoRollouts`',
          ),
        ]
      : []),
    ...(scoped.length > 0
      ? [
          cannot(
            `\`addResilience\` for ${scoped.map(({ scope }) => describeScope(scope)).join(' and ')}`,
            'it makes one route and one policy for all calls to a host',
            'say it for the service',
          ),
        ]
      : []),
    ...(streamingOperations.length > 0
      ? [
          cannot(
            '`streamingOperations`',
            'it makes one route with one timeout',
            'set `streaming` on the port, or use `ReleaseController.argoRollouts`',
          ),
        ]
      : []),
    ...(narrow === undefined
      ? []
      : [
          cannot(
            `\`paths\` of the ingress ${quoted(narrow.hosts)}`,
            'it makes one route for callers inside and outside the mesh',
            'let every path in, or use `ReleaseController.argoRollouts`',
          ),
        ]),
    ...lacking(service)
      .filter(({ isDefault }) => !isDefault)
      .map(({ what, instead }) => cannot(what, 'its Canary has no field for it', instead)),
    ...(resilience.locality === 'off'
      ? [cannot('`Locality.off()`', 'its Canary cannot say that', 'leave `locality` out')]
      : []),
  ];
}

/** What callers of a service under Flagger do without, although it is the default. */
export function flaggerWarnings(service: ServiceIntent): readonly string[] {
  const missing = lacking(service).filter(({ isDefault }) => isDefault);
  return missing.length === 0
    ? []
    : [
        `\`${serviceKey(service.ref)}\` is released by Flagger, whose Canary has no field for ${missing.map(({ what }) => what).join(', ')}: its callers do without`,
      ];
}

interface Lack {
  readonly what: string;
  readonly instead: string;
  /** Whether nobody asked for another value than that of this library. */
  readonly isDefault: boolean;
}

function lacking(service: ServiceIntent): readonly Lack[] {
  const { retryBudget, connectionPool, retries, loadBalancing } = service.resilience;
  const { retryBudget: budget, connectionPool: pool, retries: repeated } = DEFAULT_RESILIENCE;
  const lack = (what: string, instead: string, isDefault = false): Lack => ({ what, instead, isDefault });
  return [
    ...(retryBudget === 'off'
      ? []
      : [lack('`retryBudget`', 'set `retryBudget: RetryBudget.off()`', same(retryBudget, budget))]),
    ...(connectionPool === 'off'
      ? []
      : (['maxConnections', 'connectTimeoutMillis', 'keepAlive'] as const)
          .filter((field) => connectionPool[field] !== undefined)
          .map((field) =>
            lack(
              `\`${field.replace('Millis', '')}\``,
              'leave it out of `ConnectionPool.of`',
              pool !== 'off' && same(connectionPool[field], pool[field]),
            ),
          )),
    ...(retries !== 'off' && repeatsByMethod(service)
      ? [
          lack(
            `retries on ${quoted(retries.conditions.filter((condition) => !HARMLESS_CONDITIONS.includes(condition)))} for some methods only`,
            'give `Retries.of` only the conditions `CONNECT_FAILURE` and `REFUSED_STREAM`',
            repeated !== 'off' && same(retries.conditions, repeated.conditions),
          ),
        ]
      : []),
    ...(retries !== 'off' && (retries.repeatUnsafe ?? []).length > 0
      ? [lack('`repeatUnsafe`', 'leave it out of `Retries.of`')]
      : []),
    ...(retries !== 'off' && retries.backoffMillis !== undefined
      ? [lack('`backoff`', 'leave it out of `Retries.of`')]
      : []),
    ...(retries !== 'off' && retries.otherEndpoint !== undefined
      ? [lack('`otherEndpoint`', 'leave it out of `Retries.of`')]
      : []),
    ...(loadBalancing.kind === 'consistentHash' && loadBalancing.maglevTableSize !== undefined
      ? [lack('`maglevTableSize`', 'leave it out')]
      : []),
    ...(loadBalancing.kind === 'consistentHash' && loadBalancing.key.kind === 'queryParameter'
      ? [lack('a hash of a query parameter', 'use a header or a cookie')]
      : []),
  ];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
