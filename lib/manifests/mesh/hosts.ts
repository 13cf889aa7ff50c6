const CLUSTER_DOMAIN = 'cluster.local';

/**
 * The host that a name in an Istio object stands for: a name without a dot is a service of the object's own namespace.
 *
 * Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination, `host`
 */
export function fullHost(name: string, namespace: string): string {
  const lower = name.toLowerCase();
  return lower.includes('.') || lower.includes('*') || lower === ''
    ? lower
    : `${lower}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** The host of a Kubernetes Service. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** The Service that a full host names; undefined for a host that is none of the cluster's. */
export function serviceOfHost(host: string): { readonly name: string; readonly namespace: string } | undefined {
  const suffix = `.svc.${CLUSTER_DOMAIN}`;
  if (!host.endsWith(suffix)) return undefined;
  const [name, namespace, ...rest] = host.slice(0, -suffix.length).split('.');
  return name === undefined || namespace === undefined || rest.length > 0 ? undefined : { name, namespace };
}

/** Whether every host that `narrow` stands for, `wide` stands for, too. Both may begin with a wildcard. */
export function coversHost(wide: string, narrow: string): boolean {
  return wide.startsWith('*') ? narrow.endsWith(wide.slice(1)) : wide === narrow;
}

/** Whether there is a host that both stand for. */
export function hostsMeet(a: string, b: string): boolean {
  return coversHost(a, b) || coversHost(b, a);
}

/** What a host is looked up by among hosts that may be wildcards: itself, and the wildcards over it, from narrow to wide. */
export function hostKeys(host: string): readonly string[] {
  const bare = host.startsWith('*.') ? host.slice(2) : host === '*' ? '' : host;
  const labels = bare === '' ? [] : bare.split('.');
  const start = host.startsWith('*') ? 0 : 1;
  const wildcards = labels.slice(start).map((_, index) => `*.${labels.slice(start + index).join('.')}`);
  return [...new Set([host, ...wildcards, '*'])];
}
