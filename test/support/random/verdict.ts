import { isRecord } from '../../../lib/manifests/objects';
import type { KubeObject } from '../../../lib/testing';
import { schemaProblems } from '../../../lib/testing';
import { at } from '../mesh-app';
import type { Choice } from './choices';
import type { Made } from './some';
import { synthChoice } from './synth';
import type { World } from './world';

/** What the library made of a choice, and what is wrong with that. */
export interface Verdict {
  readonly accepted: boolean;
  readonly complaints: readonly string[];
}

/** Kinds that routing, releases and resilience change. */
const KINDS = [
  'VirtualService',
  'DestinationRule',
  'AuthorizationPolicy',
  'Gateway',
  'HTTPRoute',
  'TLSRoute',
  'EnvoyFilter',
  'ServiceEntry',
  'Sidecar',
  'Rollout',
  'AnalysisTemplate',
  'Canary',
  'MetricTemplate',
];

/** Whether a narrower level has turned off what the mesh cannot express. */
function isTakenBack(option: string, options: readonly string[]): boolean {
  return option === 'OutlierDetectionOptions.errorRatePercent' && options.includes('OutlierDetection.off');
}

/** Whether this is accepted, and what the library did wrong. */
export function judge(choice: Made<Choice, World>): Verdict {
  let objects;
  try {
    objects = synthChoice(choice.make(undefined as unknown as World));
  } catch (error) {
    const text = String(error);
    const told = /MESH-[A-Z]+-\d{3}: \S[^]*; fix: \S/.test(text);
    return { accepted: false, complaints: told ? [] : [`no error of this library: ${text}`] };
  }
  const checked = objects.filter(({ kind }) => KINDS.includes(kind ?? ''));
  return {
    accepted: true,
    complaints: [
      ...choice.wrong
        .filter((option) => !isTakenBack(option, choice.options))
        .map((option) => `\`${option}\` has a value that is always wrong`),
      ...schemaProblems(checked),
      ...checked.flatMap((object) => [
        ...lostShares(
          object,
          checked.some(({ kind }) => kind === 'Rollout'),
        ),
        ...openEnd(object),
        ...idleFailover(object.kind, object.spec),
      ]),
      ...undefinedSubsets(checked),
      ...severalOfHost(checked),
    ],
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Routes of a VirtualService. */
function routes({ kind, spec }: KubeObject): readonly Fields[] {
  return kind === 'VirtualService' ? ['http', 'tcp', 'tls'].flatMap((key) => list(at(spec, key))) : [];
}

/** Routes whose shares leave out requests, or name versions without a share, which only a controller may. */
function lostShares(object: KubeObject, driven: boolean): readonly string[] {
  return routes(object)
    .map((route) => list(route.route).map(({ weight }) => Number(weight ?? 0)))
    .filter((weights) => weights.length > 1 && ((weights.includes(0) && !driven) || sum(weights) !== 100))
    .map((weights) => `weights ${weights.join()}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A host inside the mesh some of whose requests have no route. */
function openEnd(object: KubeObject): readonly string[] {
  const inside = list(at(object.spec, 'http')).filter(
    (route) => !JSON.stringify(route.match ?? []).includes('"gateways"'),
  );
  const ends = inside.filter((route) =>
    list(route.match).every((match) => Object.keys(match).every((key) => key === 'port')),
  );
  const ported = (all: readonly Fields[]) => new Set(all.flatMap((route) => list(route.match).map(({ port }) => port)));
  const open = [...ported(inside)].filter((port) => port !== undefined && !ported(ends).has(port));
  const meshed = object.kind === 'VirtualService' && at(object.spec, 'gateways') === undefined;
  return meshed && inside.length > 0 && (ends.length === 0 || (open.length > 0 && ends.every(({ match }) => match)))
    ? [`no final route for ports ${open.join()} of ${object.metadata?.name}`]
    : [];
}

/** Failover, which does nothing without outlier detection. */
function idleFailover(where: string | undefined, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => idleFailover(where, item));
  if (!isRecord(value)) return [];
  const fails = at(value, 'loadBalancer', 'localityLbSetting') !== undefined;
  const off = at(value, 'loadBalancer', 'localityLbSetting', 'enabled') === false;
  return [
    ...(fails && !off && value.outlierDetection === undefined ? [`failover without ejection in a ${where}`] : []),
    ...Object.values(value).flatMap((item) => idleFailover(where, item)),
  ];
}

/** Destinations of versions that no DestinationRule of the host knows. */
function undefinedSubsets(objects: readonly KubeObject[]): readonly string[] {
  const known = new Set(
    objects
      .filter(({ kind }) => kind === 'DestinationRule')
      .flatMap(({ spec }) =>
        list(at(spec, 'subsets')).map(({ name }) => `${String(at(spec, 'host'))} ${String(name)}`),
      ),
  );
  return objects
    .flatMap(routes)
    .flatMap((route) => [
      ...list(route.route).map(({ destination }) => destination),
      route.mirror,
      ...list(route.mirrors).map(({ destination }) => destination),
    ])
    .filter((destination) => at(destination, 'subset') !== undefined)
    .map((destination) => `${String(at(destination, 'host'))} ${String(at(destination, 'subset'))}`)
    .filter((subset) => !known.has(subset))
    .map((subset) => `no DestinationRule defines ${subset}`);
}

/** Hosts with a second VirtualService inside the mesh, or a second DestinationRule: one of them would be lost. */
function severalOfHost(objects: readonly KubeObject[]): readonly string[] {
  const hosts = objects.flatMap(({ kind, spec }) => {
    const gateways = list2(at(spec, 'gateways'));
    if (kind === 'VirtualService' && (gateways.length === 0 || gateways.includes('mesh')))
      return list2(at(spec, 'hosts')).map((host) => `VirtualService ${String(host)}`);
    return kind === 'DestinationRule' ? [`DestinationRule ${String(at(spec, 'host'))}`] : [];
  });
  return hosts.filter((host, index) => hosts.indexOf(host) < index).map((host) => `two of ${host}`);
}

function list(value: unknown): readonly Fields[] {
  return list2(value).filter(isRecord);
}

function list2(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
