import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import { requireCaller } from '../intent/http-match';
import type { IPeer } from '../intent/peer';
import { selectPorts } from '../intent/port';
import { mergeResilience } from '../intent/resilience';
import { requireUsable } from '../intent/resilience-checks';
import type { ScopedLevel } from '../intent/scope';
import { describeScope } from '../intent/scope';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { requireStreams } from '../intent/treatment';
import type { ResilienceOptions } from './resilience';
import { resilienceLevel } from './resilience';

/** Protections for some of the calls to a service: at least one of `ports`, `version` and `callers`. */
export interface ScopedResilienceOptions extends ResilienceOptions {
  /**
   * Names of the ports that they are for.
   * @default - every port
   */
  readonly ports?: string[];
  /**
   * The version that they are for, of the service's release. Versions that share requests have one `timeout` and one
   * `retries`, since those hold before a version is chosen.
   * @default - every version
   */
  readonly version?: string;
  /**
   * Callers that they are for, any of which: services, namespaces, and service accounts with `podLabels`. What enters
   * through a gateway is nobody of these.
   * @default - every caller
   */
  readonly callers?: IPeer[];
  /**
   * Whether they are about to go: they hold no more, and what routes have led to for their sake stays defined until they
   * are removed in a later change. Without this step, proxies that still have the old routes answer 503 for a moment.
   * @default false
   */
  readonly ending?: boolean;
}

/** What these options say, as intent. */
export function scopedLevel(service: ServiceDeclaration, options: ScopedResilienceOptions): ScopedLevel {
  const owner = serviceKey(service.ref);
  givenShape<Pick<ScopedResilienceOptions, 'ports' | 'version' | 'callers' | 'ending'>>(
    `\`addResilience\` of \`${owner}\``,
    options,
    { ports: 'text[]?', version: 'text?', callers: 'made:_caller[]?', ending: 'flag?' },
  );
  const { version, callers = [] } = options;
  const said = resilienceLevel(options);
  if (options.ports === undefined && version === undefined && callers.length === 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`addResilience\` of \`${owner}\` names no \`ports\`, \`version\` or \`callers\``,
      'for every call, use the options of the service',
    );
  }
  if (options.callers?.length === 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`addResilience\` of \`${owner}\` has an empty list of \`callers\`, which would be for every call`,
      'name them, or leave `callers` out to mean all of them',
    );
  }
  if (options.ports?.length === 0 || Object.keys(said).length === 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`addResilience\` of \`${owner}\` ${options.ports?.length === 0 ? 'has an empty list of `ports`' : 'says nothing'}`,
      'name `ports`, and give `timeout`, `retries` or another protection',
    );
  }
  const ports = selectPorts(owner, service.ports, options.ports);
  const scope = {
    ...(options.ports === undefined ? {} : { ports: [...new Set(ports.map(({ name }) => name))] }),
    ...(version === undefined ? {} : { version }),
    callers: callers.map((caller) => requireCaller('`addResilience`', caller._caller())),
  };
  const deaf = ports.filter((port) => !port.carriesRequests);
  if (options.ports !== undefined && deaf.length > 0 && deaf.length < ports.length) {
    requireForConnections(
      owner,
      deaf.map(({ name }) => name),
      said,
    );
  }
  const ofPods = (['rateLimit', 'streamIdleTimeout'] as const).filter((key) => said[key] !== undefined);
  if (ofPods.length > 0 && (version !== undefined || callers.length > 0)) {
    throw new MeshError(
      Code.RESILIENCE,
      `${quoted(ofPods)} of \`${owner}\` is for ${describeScope(scope)}, and pods keep that limit whoever calls them`,
      'say it for the service or for `ports` alone',
    );
  }
  requireStreams(owner, ports, service.streamingOperations, said);
  // Whether they can hold with what else is said depends on later calls, and is looked at when all of them are known.
  requireUsable(`\`${owner}\` for ${describeScope(scope)}`, ports, said, mergeResilience(said));
  return { scope, said, ...(options.ending === true ? { ending: true } : {}) };
}

function requireForConnections(owner: string, ports: readonly string[], said: ScopedLevel['said']): void {
  const idle = (['timeout', 'streamIdleTimeout', 'retries', 'retryBudget', 'rateLimit'] as const).filter(
    (key) => said[key] !== undefined,
  );
  if (idle.length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `${quoted(idle)} of \`${owner}\` can do nothing at port ${quoted(ports)}, which carries no requests`,
      'name only ports of HTTP or gRPC in `ports`',
    );
  }
}
