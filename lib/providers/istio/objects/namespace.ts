import type { MeshIntent } from '../../../intent/mesh';
import type { NamespaceDeclaration, ObjectPlan } from '../../provider';
import { PERMISSIVE, STRICT } from '../mtls';
import { baselineSpec, denyAllSpec } from '../network';
import { rehearsed } from '../restriction-objects';
import type { IstioSettings } from '../settings';
import { namespaceSidecarSpec } from '../sidecar';
import { KUBERNETES_NETWORKING, NETWORKING, SECURITY, planOf } from './plan';

/** What holds for a whole namespace. */
export function namespaceObjects(
  settings: IstioSettings,
  { name: namespace, locked, dryRun }: NamespaceDeclaration,
): readonly ObjectPlan[] {
  const plan = (kind: string, apiVersion: string, name: string, spec: (mesh: MeshIntent) => object): ObjectPlan => ({
    ...planOf(apiVersion, kind, { name, namespace }, spec),
    id: `${kind}-${name}`,
  });
  return locked
    ? [
        plan('PeerAuthentication', SECURITY, 'default', () => STRICT),
        { ...plan('AuthorizationPolicy', SECURITY, 'default-deny', () => ({})), ...rehearsed(dryRun) },
        plan('NetworkPolicy', KUBERNETES_NETWORKING, 'default-deny', () => denyAllSpec(dryRun)),
        plan('NetworkPolicy', KUBERNETES_NETWORKING, 'mesh-baseline', () => baselineSpec(settings)),
        plan('Sidecar', NETWORKING, 'default', () => namespaceSidecarSpec(settings)),
      ]
    : [
        plan('PeerAuthentication', SECURITY, 'default', (mesh) =>
          mesh.refusesPlaintext(namespace) ? STRICT : PERMISSIVE,
        ),
      ];
}
