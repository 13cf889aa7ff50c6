import { fieldAt } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';

/**
 * What makes two ways of writing a host the same: a name without dots is a Service in the namespace of the object that names it,
 * and the domain of the cluster does not matter. Istio takes every other name as it is.
 */
export function hostKey(host: string, namespace: string | undefined): string {
  const name = host.toLowerCase();
  if (name.includes('.')) {
    return /^[^.]+\.[^.]+\.svc(?=\.|$)/.exec(name)?.[0] ?? name;
  }
  return name === '*' ? name : serviceHostKey(name, namespace);
}

/** The same for a Service. */
export function serviceHostKey(name: string, namespace: string | undefined): string {
  return `${name}.${namespace ?? ''}.svc`;
}

/** Whether a host that may begin with a wildcard covers another one. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern === '*' || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

/** The hosts of a VirtualService, each with its key. */
export function hostsOf({ object }: StandingObject): readonly { readonly key: string; readonly host: string }[] {
  const hosts = fieldAt(object, 'spec', 'hosts');
  return (Array.isArray(hosts) ? hosts : []).flatMap((host: unknown) =>
    typeof host === 'string' ? [{ key: hostKey(host, object.metadata?.namespace), host }] : [],
  );
}
