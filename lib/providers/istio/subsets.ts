import type { DestinationRuleSpecSubsets } from '../../../imports/networking.istio.io';
import { coversCaller } from '../../intent/callers';
import { resilienceFor } from '../../intent/levels';
import type { CallerRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import { versionsOf } from '../../intent/release';
import type { Resilience } from '../../intent/resilience';
import type { RouteTarget } from '../../intent/route-target';
import type { ResilienceScope } from '../../intent/scope';
import { callerKey, namedCallers, saysEndpoints } from '../../intent/scope';
import { hash, subsetName } from './format';
import { portSettings, trafficPolicy } from './resilience';

/** A service whose settings may differ by port, version and caller. */
export type SubsetTarget = Pick<RouteTarget, 'name' | 'ports' | 'resilience' | 'scoped' | 'ending' | 'release'>;

/** Calls that go to one subset, or, with neither, to the host itself. */
interface Cut {
  readonly version?: string | undefined;
  readonly caller?: CallerRef | undefined;
}

/** A subset, as it is defined. */
export interface Subset {
  readonly name: string;
  /** The calls that go there. */
  readonly scope: ResilienceScope;
  readonly spec: DestinationRuleSpecSubsets;
  /** What its policy says, where it has one. */
  readonly resilience?: Resilience;
}

/** Policy of a host or a subset, and ports for which it is not the right one. */
interface Layer {
  readonly top: Resilience;
  /** Ports whose settings stand beside it. */
  readonly beside: readonly Port[];
  /** Ports that need a subset of their own, since settings of ports have no retry budget. */
  readonly apart: readonly Port[];
}

/** The subset where calls to a port go; undefined is the host itself. */
export function subsetOf(target: SubsetTarget, port: Port, cut: Cut): string | undefined {
  const caller = callersOf(target).find((wide) => cut.caller !== undefined && coversCaller(wide, cut.caller));
  const apart = layerOf(target, { ...cut, caller }).apart.includes(port) ? port : undefined;
  return nameOf(cut.version, caller, apart);
}

/** Callers whose connections to a port are treated in a way of their own. */
export function callersAt(target: SubsetTarget, port: Port): readonly CallerRef[] {
  const versions = [undefined, ...(target.release === undefined ? [] : versionsOf(target.release))];
  const text = (version: string | undefined, caller?: CallerRef) =>
    endpointText(resilienceFor(target, { port: port.name, version, caller }), port);
  return callersOf(target).filter((caller) => versions.some((version) => text(version, caller) !== text(version)));
}

/** Every subset of a service: each version, each caller with settings of its own, and ports that cannot do without. */
export function subsetsOf(target: SubsetTarget): readonly Subset[] {
  const { scoped = [], ending = [] } = target;
  const standing = standingSubsets(target);
  if (ending.length === 0) {
    return standing;
  }
  const names = new Set(standing.map(({ name }) => name));
  const before = standingSubsets({ ...target, scoped: [...scoped, ...ending] });
  return [...standing, ...before.filter(({ name }) => !names.has(name))];
}

function standingSubsets(target: SubsetTarget): readonly Subset[] {
  const versions = target.release === undefined ? [] : versionsOf(target.release);
  const general = layerOf(target, {});
  return [undefined, ...callersOf(target)].flatMap((caller) =>
    [...(caller === undefined ? [] : [undefined]), ...versions, ...(caller === undefined ? [undefined] : [])].flatMap(
      (version) => cutSubsets(target, general, { version, caller }),
    ),
  );
}

function cutSubsets(target: SubsetTarget, general: Layer, cut: Cut): readonly Subset[] {
  const { version, caller } = cut;
  const layer = layerOf(target, cut);
  const labels = version === undefined ? {} : { labels: { version } };
  const define = (
    name: string,
    port: Port | undefined,
    { trafficPolicy: own, resilience }: Pick<Subset, 'resilience'> & Pick<Subset['spec'], 'trafficPolicy'>,
  ): Subset => ({
    name,
    scope: scopeOf(cut, port),
    spec: { name, ...labels, ...(own === undefined ? {} : { trafficPolicy: own }) },
    ...(resilience === undefined ? {} : { resilience }),
  });
  const whole = nameOf(version, caller, undefined);
  return [
    ...(whole === undefined
      ? []
      : [
          define(
            whole,
            undefined,
            isTreatedAlike(target, cut)
              ? {}
              : { resilience: layer.top, trafficPolicy: layerPolicy(target, cut, layer, general.top) },
          ),
        ]),
    ...layer.apart.map((port) => {
      const resilience = resilienceFor(target, { ...cut, port: port.name });
      return define(nameOf(version, caller, port), port, {
        resilience,
        trafficPolicy: trafficPolicy(resilience, [port], general.top),
      });
    }),
  ];
}

/** Whether calls of a cut are treated as all others are. */
function isTreatedAlike(target: SubsetTarget, cut: Cut): boolean {
  return JSON.stringify(settingsIn(target, cut)) === JSON.stringify(settingsIn(target, {}));
}

/** The policy of the host itself. */
export function hostPolicy(target: SubsetTarget): DestinationRuleSpecSubsets['trafficPolicy'] & object {
  return layerPolicy(target, {}, layerOf(target, {}));
}

function layerPolicy(target: SubsetTarget, cut: Cut, { top, beside, apart }: Layer, wider?: Resilience) {
  const rest = target.ports.filter((port) => !beside.includes(port) && !apart.includes(port));
  return {
    ...trafficPolicy(top, rest.length > 0 ? rest : target.ports, wider),
    ...(beside.length === 0
      ? {}
      : {
          portLevelSettings: beside.map((port) => ({
            port: { number: port.servicePort },
            ...portSettings(resilienceFor(target, { ...cut, port: port.name }), port, top),
          })),
        }),
  };
}

/**
 * What a policy says for most ports. Settings of a port inherit nothing, and there is no retry budget among them: ports that
 * have one share the policy above, as far as they are alike.
 */
function layerOf(target: SubsetTarget, cut: Cut): Layer {
  if ((target.scoped ?? []).length === 0) {
    return { top: target.resilience, beside: [], apart: [] };
  }
  const general = resilienceFor(target, cut);
  const differs = (top: Resilience, port: Port) =>
    endpointText(top, port) !== endpointText(resilienceFor(target, { ...cut, port: port.name }), port);
  const budgeted = target.ports.filter(
    (port) => port.carriesRequests && resilienceFor(target, { ...cut, port: port.name }).retryBudget !== 'off',
  );
  const [first] = budgeted;
  const top =
    first === undefined || budgeted.some((port) => !differs(general, port))
      ? general
      : resilienceFor(target, { ...cut, port: first.name });
  const different = target.ports.filter((port) => differs(top, port));
  return {
    top,
    beside: different.filter((port) => !budgeted.includes(port)),
    apart: different.filter((port) => budgeted.includes(port)),
  };
}

function scopeOf({ version, caller }: Cut, port: Port | undefined): ResilienceScope {
  return {
    ...(port === undefined ? {} : { ports: [port.name] }),
    ...(version === undefined ? {} : { version }),
    callers: caller === undefined ? [] : [caller],
  };
}

function settingsIn(target: SubsetTarget, cut: Cut): readonly string[] {
  return target.ports.map((port) => endpointText(resilienceFor(target, { ...cut, port: port.name }), port));
}

function endpointText(resilience: Resilience, port: Port): string {
  return JSON.stringify(trafficPolicy(resilience, [port]));
}

/** Callers who have settings of their own for where their calls go. */
function callersOf({ name, scoped = [] }: SubsetTarget): readonly CallerRef[] {
  return namedCallers(name, scoped.filter(saysEndpoints));
}

/** What no version can be called, as soon as it is about more than a version. */
function nameOf(version: string | undefined, caller: CallerRef | undefined, port: Port): string;
function nameOf(version: string | undefined, caller: CallerRef | undefined, port: Port | undefined): string | undefined;
function nameOf(
  version: string | undefined,
  caller: CallerRef | undefined,
  port: Port | undefined,
): string | undefined {
  const plain = version === undefined ? [] : [subsetName(version)];
  if (caller === undefined && port === undefined) {
    return plain[0];
  }
  const who = caller === undefined ? [] : [callerKey(caller)];
  const readable = [
    ...plain,
    ...(port === undefined ? [] : ['port', port.name]),
    ...(caller === undefined ? [] : ['from', ...callerWords(caller)]),
  ].join('-');
  const distinct = hash(JSON.stringify([version ?? '', port?.name ?? '', ...who]));
  return `${readable.slice(0, 54).replace(/-+$/, '')}-${distinct}`;
}

function callerWords(caller: CallerRef): readonly string[] {
  switch (caller.kind) {
    case 'service':
      return [caller.namespace, caller.name];
    case 'serviceAccount':
      return [caller.namespace, caller.serviceAccount];
    case 'namespace':
      return [caller.namespace];
    case 'ingressGateway':
    case 'kubernetesApi':
      return [];
  }
}
