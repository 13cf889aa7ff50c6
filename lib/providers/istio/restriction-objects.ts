import type { MeshIntent } from '../../intent/mesh';
import type { RestrictionKind } from '../../intent/restriction';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import type { ObjectPlan } from '../provider';
import { auditSpec, checkSpec, denialSpec } from './restrictions';
import type { IstioSettings } from './settings';
import { requestAuthenticationSpec, tokenRequiredSpec } from './tokens';

const SECURITY = 'security.istio.io/v1';

/** The objects of one kind of restriction; their names say in a refused call's details what refused it. */
export function restrictionObjects(
  settings: IstioSettings,
  { ref }: ServiceDeclaration,
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
      return [plan('AuthorizationPolicy', '-denied', (service, mesh) => denialSpec(settings, service, mesh))];
    case 'audits':
      return [plan('AuthorizationPolicy', '-audited', auditSpec)];
    case 'tokens':
      return [
        plan('RequestAuthentication', '', requestAuthenticationSpec),
        plan('AuthorizationPolicy', '-token-required', tokenRequiredSpec),
      ];
    case 'checks':
      return [plan('AuthorizationPolicy', '-checked', checkSpec)];
  }
}
