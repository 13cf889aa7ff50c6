import { apiGroup } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';

interface Type {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Whether an object is of a kind of Istio's networking API, in any version. */
export function isNetworking({ apiVersion, kind }: Type, wanted: string): boolean {
  return kind === wanted && apiGroup(apiVersion) === 'networking.istio.io';
}

/** Whether an object says who is served plain text, in any version. */
export function isPeerAuthentication({ apiVersion, kind }: Type): boolean {
  return kind === 'PeerAuthentication' && apiGroup(apiVersion) === 'security.istio.io';
}

/** Whether an object is a Service of Kubernetes. */
export function isService({ apiVersion, kind }: Type): boolean {
  return kind === 'Service' && apiGroup(apiVersion) === '';
}

/** An object and where it stands, as messages name it. */
export function describeObject({ object, place }: StandingObject): string {
  const name = [object.metadata?.namespace, object.metadata?.name].filter((part) => part !== undefined).join('/');
  return `\`${object.kind} ${name}\` (\`${place}\`)`;
}
