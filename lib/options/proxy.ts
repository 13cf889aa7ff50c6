import { Code, MeshError } from '../errors';
import type { ProxySettings } from '../intent/service';
import { defined, wholeNumber } from './numbers';

/**
 * Resources of the proxy beside each pod, and how it starts; what is left out keeps the default of the mesh. All
 * resources are always written, since a mesh drops all of its own defaults when one is set.
 */
export interface ProxyOptions {
  /**
   * CPU request, as a Kubernetes quantity.
   * @default - 100m
   */
  readonly cpuRequest?: string;
  /**
   * Memory request, as a Kubernetes quantity.
   * @default - 128Mi
   */
  readonly memoryRequest?: string;
  /**
   * CPU limit, as a Kubernetes quantity.
   * @default - 2000m
   */
  readonly cpuLimit?: string;
  /**
   * Memory limit, as a Kubernetes quantity.
   * @default - 1024Mi
   */
  readonly memoryLimit?: string;
  /**
   * Worker threads.
   * @default 2
   */
  readonly concurrency?: number;
  /**
   * The application starts only after its proxy is ready, so that its first calls do not fail.
   * @default true
   */
  readonly startFirst?: boolean;
}

/** The proxy settings where nobody says otherwise. */
export const DEFAULT_PROXY: ProxySettings = {
  cpuRequest: '100m',
  memoryRequest: '128Mi',
  cpuLimit: '2000m',
  memoryLimit: '1024Mi',
  concurrency: 2,
  startFirst: true,
  chosen: false,
};

/** The settings that hold when these options are laid over those below. */
export function proxySettings(below: ProxySettings, options: ProxyOptions | undefined): ProxySettings {
  if (options === undefined) {
    return below;
  }
  for (const field of ['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit'] as const) {
    const value = options[field];
    if (value !== undefined && !/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/.test(value)) {
      throw new MeshError(
        Code.QUANTITY,
        `\`${field}\` of the proxy is \`${value}\`, which is no quantity`,
        'write it as Kubernetes does, for example `100m` or `128Mi`',
      );
    }
  }
  if (options.concurrency !== undefined) {
    wholeNumber('concurrency of the proxy', options.concurrency, 1, 1024);
  }
  return { ...below, ...defined(options), chosen: true };
}
