import { Code, MeshError, quoted } from '../errors';
import type { ProxySettings } from '../intent/service';

/** Resources and worker threads of proxies by what passes through them. */
export enum ProxySize {
  /** For few requests: 50m to 1000m of CPU, 64Mi to 256Mi of memory, 1 worker thread. */
  SMALL = 'small',
  /** What holds where nothing is said: 100m to 2000m of CPU, 128Mi to 1024Mi of memory, 2 worker threads. */
  MEDIUM = 'medium',
  /** For many requests, or many hosts: 500m to 4000m of CPU, 512Mi to 2048Mi of memory, 4 worker threads. */
  LARGE = 'large',
}

type SizeFields = Pick<ProxySettings, 'cpuRequest' | 'memoryRequest' | 'cpuLimit' | 'memoryLimit' | 'concurrency'>;

const SIZES: Readonly<Record<string, SizeFields>> = {
  [ProxySize.SMALL]: fields('50m', '64Mi', '1000m', '256Mi', 1),
  [ProxySize.MEDIUM]: fields('100m', '128Mi', '2000m', '1024Mi', 2),
  [ProxySize.LARGE]: fields('500m', '512Mi', '4000m', '2048Mi', 4),
};

/** What a size stands for; refuses what is none. */
export function sizeFields(size: ProxySize): SizeFields {
  const found = SIZES[size];
  if (found !== undefined) {
    return found;
  }
  throw new MeshError(
    Code.QUANTITY,
    `\`size\` of the proxy is \`${String(size)}\`, there are ${quoted(Object.values(ProxySize))}`,
    'use a value of `ProxySize`',
  );
}

function fields(
  cpuRequest: string,
  memoryRequest: string,
  cpuLimit: string,
  memoryLimit: string,
  concurrency: number,
): SizeFields {
  return { cpuRequest, memoryRequest, cpuLimit, memoryLimit, concurrency };
}
