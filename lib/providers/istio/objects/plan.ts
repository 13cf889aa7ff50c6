import type { MeshIntent } from '../../../intent/mesh';
import type { ObjectPlan } from '../../provider';

/** Istio's groups, and that of Kubernetes for network policies, at the versions that are written. */
export const NETWORKING = 'networking.istio.io/v1';
/** EnvoyFilter is served at no other version. */
export const ENVOY = 'networking.istio.io/v1alpha3';
/** Gateway API, the standard of Kubernetes. */
export const GATEWAY_API = 'gateway.networking.k8s.io/v1';
export const SECURITY = 'security.istio.io/v1';
export const KUBERNETES_NETWORKING = 'networking.k8s.io/v1';

/** The one object of a kind that something has, under its own name. */
export function planOf(
  apiVersion: string,
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  spec: (mesh: MeshIntent) => object,
): ObjectPlan {
  return { id: kind, apiVersion, kind, name, namespace, spec };
}
