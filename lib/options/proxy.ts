import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import type { ProxySettings } from '../intent/service';
import { defined, positiveMillis, wholeNumber } from './numbers';
import { ProxySize, sizeFields } from './proxy-size';

/**
 * Resources of the proxy beside each pod, and how it starts; what is left out keeps the default of the mesh. All
 * resources are always written, since a mesh drops all of its own defaults when one is set.
 */
export interface ProxyOptions {
  /**
   * Resources and worker threads together. What is also given by itself wins.
   * @default ProxySize.MEDIUM
   */
  readonly size?: ProxySize;
  /**
   * CPU request, as a Kubernetes quantity.
   * @default - that of `size`
   */
  readonly cpuRequest?: string;
  /**
   * Memory request, as a Kubernetes quantity.
   * @default - that of `size`
   */
  readonly memoryRequest?: string;
  /**
   * CPU limit, as a Kubernetes quantity.
   * @default - that of `size`
   */
  readonly cpuLimit?: string;
  /**
   * Memory limit, as a Kubernetes quantity.
   * @default - that of `size`
   */
  readonly memoryLimit?: string;
  /**
   * Worker threads.
   * @default - those of `size`
   */
  readonly concurrency?: number;
  /**
   * The application starts only after its proxy is ready, so that its first calls do not fail.
   * @default true
   */
  readonly startFirst?: boolean;
  /**
   * How long the proxy goes on with what it has when its pod ends, before it ends itself. It is less than the
   * `terminationGracePeriodSeconds` of the pod.
   * @default - the mesh's: 5 seconds in Istio, unless it is installed otherwise
   */
  readonly drainFor?: Duration;
  /**
   * Whether the kubelet's probes by HTTP and gRPC are led through the proxy's agent, since the kubelet has no identity. `false`
   * leaves them as they are, which a zero-trust namespace refuses.
   * @default - the mesh's: they are, unless it is installed otherwise
   */
  readonly rewriteProbes?: boolean;
}

const RESOURCES = ['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit'] as const;

/** The proxy settings where nobody says otherwise. */
export const DEFAULT_PROXY: ProxySettings = { ...sizeFields(ProxySize.MEDIUM), startFirst: true, chosen: false };

/** The settings that hold when these options are laid over those below. */
export function proxySettings(below: ProxySettings, options: ProxyOptions | undefined): ProxySettings {
  if (options === undefined) {
    return below;
  }
  const { size, drainFor, ...own } = options;
  RESOURCES.forEach((field) => requireQuantity(field, own[field]));
  if (own.concurrency !== undefined) {
    wholeNumber('concurrency of the proxy', own.concurrency, 1, 1024);
  }
  const settings = {
    ...below,
    ...(size === undefined ? {} : sizeFields(size)),
    ...defined(own),
    ...(drainFor === undefined ? {} : { drainMillis: positiveMillis('drainFor of the proxy', drainFor) }),
    chosen: true,
  };
  requireRoom('cpuRequest', settings.cpuRequest, 'cpuLimit', settings.cpuLimit);
  requireRoom('memoryRequest', settings.memoryRequest, 'memoryLimit', settings.memoryLimit);
  return settings;
}

function requireQuantity(field: string, value: string | undefined): void {
  if (value !== undefined && !isQuantity(value)) {
    throw new MeshError(
      Code.QUANTITY,
      `\`${field}\` of the proxy is \`${value}\`, which is no quantity`,
      'write it as Kubernetes does, for example `100m` or `128Mi`',
    );
  }
}

/** Refuses a request over its limit, with which Kubernetes would make no pod. */
function requireRoom(request: string, requested: string, limit: string, limited: string): void {
  if (amount(requested) > amount(limited)) {
    throw new MeshError(
      Code.QUANTITY,
      `\`${request}\` of the proxy is \`${requested}\`, over its \`${limit}\` of \`${limited}\``,
      `raise \`${limit}\`, or choose a larger \`size\``,
    );
  }
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Whether a text is a quantity as Kubernetes writes it. */
export function isQuantity(text: string): boolean {
  return !Number.isNaN(amount(text));
}

/** How much a quantity is; not a number where it is none. */
function amount(quantity: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/.exec(quantity) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
}
