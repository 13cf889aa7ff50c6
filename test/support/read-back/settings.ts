import { fieldAt, isRecord } from '../../../lib/manifests/objects';
import type { Manifest } from '../mesh-app';

/** Calls to a service, as a proxy tells them apart. */
export interface Calls {
  readonly service: string;
  /** Number of the Service's port. */
  readonly port: number;
  readonly method?: string;
  /** The label `app` of the caller. */
  readonly caller?: string;
  /** Of several versions that share the calls. */
  readonly version?: string;
}

/** What a proxy does with calls. */
export interface Settings {
  readonly timeout?: unknown;
  readonly retries?: unknown;
  readonly connectionPool?: unknown;
  readonly outlierDetection?: unknown;
  readonly loadBalancer?: unknown;
  readonly retryBudget?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads how Istio treats calls, by its own rules on what inherits what: settings of ports nothing, subsets by block. */
export function settingsOfCalls(objects: readonly Manifest[], calls: Calls): Settings {
  const virtualService = spec(objects, 'VirtualService', calls.service);
  const route = ['http', 'tcp', 'tls']
    .flatMap((kind) => list(virtualService?.[kind]))
    .find((one) => matches(list(one.match), calls));
  const destinations = list(route?.route).map((one) => fields(one.destination));
  const rule = spec(objects, 'DestinationRule', calls.service);
  const subsets = list(rule?.subsets);
  const chosen = destinations
    .map(({ subset }) => subsets.find(({ name }) => name === subset))
    .find((subset) => calls.version === undefined || fieldAt(subset, 'labels', 'version') === calls.version);
  const top = atPort(fields(rule?.trafficPolicy), calls.port);
  const own = chosen?.trafficPolicy === undefined ? {} : atPort(fields(chosen.trafficPolicy), calls.port);
  const { portLevelSettings: _ports, port: _port, ...policy } = { ...top, ...own };
  return { timeout: route?.timeout, retries: route?.retries, ...policy };
}

function atPort(policy: Fields, port: number): Fields {
  return list(policy.portLevelSettings).find((one) => fieldAt(one, 'port', 'number') === port) ?? policy;
}

function matches(match: readonly Fields[], { port, method = 'POST', caller }: Calls): boolean {
  return (
    match.length === 0 ||
    match.some(
      (one) =>
        (one.port ?? port) === port &&
        one.headers === undefined &&
        new RegExp(`^(${methods(one)})$`).test(method) &&
        (fieldAt(one, 'sourceLabels', 'app') ?? caller) === caller &&
        (one.uri === undefined || fieldAt(one, 'uri', 'prefix') === '/'),
    )
  );
}

function methods(match: Fields): string {
  const text = fieldAt(match, 'method', 'regex') ?? fieldAt(match, 'method', 'exact');
  return typeof text === 'string' ? text : '.*';
}

function spec(objects: readonly Manifest[], kind: string, name: string): Fields | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name)?.spec;
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
