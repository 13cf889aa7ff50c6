import type { MeshIntent } from '../../intent/mesh';
import type { RestrictionKind } from '../../intent/restriction';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import type { ObjectPlan } from '../provider';
import { admitEverybodySpec, auditSpec, checkSpec, denialSpec } from './restrictions';
import type { IstioSettings } from './settings';
import { requestAuthenticationSpec, tokenRequiredSpec } from './tokens';

const SECURITY = 'security.istio.io/v1';

/** The objects of one kind of restriction; their names say in a refused call's details what refused it. */
export function restrictionObjects(
  settings: IstioSettings,
  { ref, dryRun }: ServiceDeclaration,
  kind: RestrictionKind,
): readonly ObjectPlan[] {
  const plan = (objectKind: string, suffix: string, spec: (intent: ServiceIntent, mesh: MeshIntent) => object) => ({
    id: `${objectKind}${suffix}`,
    apiVersion: SECURITY,
    kind: objectKind,
    name: `${ref.name}${suffix}`,
    namespace: ref.namespace,
    spec: (mesh: MeshIntent) => spec(mesh.service(ref), mesh),
  });
  switch (kind) {
    case 'denials':
      return [
        {
          ...plan('AuthorizationPolicy', '-denied', (service, mesh) => denialSpec(settings, service, mesh)),
          ...rehearsed(dryRun !== undefined),
        },
      ];
    case 'audits':
      return [plan('AuthorizationPolicy', '-audited', auditSpec)];
    case 'tokens':
      return [
        plan('RequestAuthentication', '', requestAuthenticationSpec),
        { ...plan('AuthorizationPolicy', '-token-required', tokenRequiredSpec), ...rehearsed(dryRun !== undefined) },
      ];
    case 'checks':
      return [plan('AuthorizationPolicy', '-checked', checkSpec)];
  }
}

/** What makes a policy count what it would refuse, and refuse nothing. */
export function rehearsed(dryRun: boolean): Pick<ObjectPlan, 'annotations'> {
  return dryRun ? { annotations: { 'istio.io/dry-run': 'true' } } : {};
}

/** The policy that lets everybody in during a dry run: the enforced default deny of the namespace would refuse them. */
export function admitEverybody({ ref, locked, dryRun }: ServiceDeclaration): readonly ObjectPlan[] {
  return locked && dryRun !== undefined
    ? [
        {
          id: 'AuthorizationPolicy-dry-run',
          apiVersion: SECURITY,
          kind: 'AuthorizationPolicy',
          name: `${ref.name}-dry-run-admits-everybody`,
          namespace: ref.namespace,
          spec: (mesh) => admitEverybodySpec(mesh.service(ref)),
        },
      ]
    : [];
}
