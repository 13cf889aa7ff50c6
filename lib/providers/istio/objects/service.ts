import type { MeshIntent } from '../../../intent/mesh';
import type { ServiceRef } from '../../../intent/peer';
import type { Port } from '../../../intent/port';
import type { ServiceDeclaration, ServiceIntent } from '../../../intent/service';
import type { ObjectPlan } from '../../provider';
import { authorizationPolicySpec } from '../access';
import { destinationRuleSpec } from '../destination-rule';
import { envoyFilterSpec, hasEnvoyFilter } from '../envoy-filter';
import { plaintextPortsSpec } from '../mtls';
import { serviceNetworkPolicySpec } from '../network';
import { admitEverybody, rehearsed } from '../restriction-objects';
import { serviceVirtualServiceSpec } from '../routing';
import type { IstioSettings } from '../settings';
import { workloadSidecarSpec } from '../sidecar';
import { ENVOY, KUBERNETES_NETWORKING, NETWORKING, SECURITY, planOf } from './plan';

/** What every service has. */
export function serviceObjects(settings: IstioSettings, service: ServiceDeclaration): readonly ObjectPlan[] {
  const { ref, ports, locked } = service;
  const plan = (apiVersion: string, kind: string, spec: (intent: ServiceIntent, mesh: MeshIntent) => object) => ({
    ...planOf(apiVersion, kind, ref, (mesh) => spec(mesh.service(ref), mesh)),
    ...rehearsed(kind === 'AuthorizationPolicy' && service.dryRun !== undefined),
  });
  return [
    ...(locked
      ? [plan(SECURITY, 'AuthorizationPolicy', (intent, mesh) => authorizationPolicySpec(settings, intent, mesh))]
      : []),
    ...admitEverybody(service),
    ...(locked && service.networkPolicy
      ? [
          plan(KUBERNETES_NETWORKING, 'NetworkPolicy', (intent, mesh) =>
            serviceNetworkPolicySpec(settings, intent, mesh),
          ),
        ]
      : []),
    ...(ports.length > 0
      ? [plan(NETWORKING, 'DestinationRule', (intent) => destinationRuleSpec(settings, intent))]
      : []),
    ...(ports.some((port) => port.carriesRequests) ? [virtualService(settings, ref)] : []),
    ...(hasEnvoyFilter(service) ? [envoyFilter(ref)] : []),
    ...(locked ? [plan(NETWORKING, 'Sidecar', (intent, mesh) => workloadSidecarSpec(settings, intent, mesh))] : []),
  ];
}

/** What a service needs only where its pods limit what they take on some of its ports. */
export function limitObjects(service: ServiceDeclaration): readonly ObjectPlan[] {
  return hasEnvoyFilter(service) ? [] : [envoyFilter(service.ref)];
}

/** What a service needs only where its versions, or some of its callers, are treated differently. */
export function releaseObjects(settings: IstioSettings, { ref, ports }: ServiceDeclaration): readonly ObjectPlan[] {
  return ports.some((port) => port.carriesRequests) ? [] : [virtualService(settings, ref)];
}

/** What lets the Kubernetes API call these ports without an identity. */
export function plaintextObjects(ref: ServiceRef, ports: () => readonly Port[]): readonly ObjectPlan[] {
  return [
    planOf(SECURITY, 'PeerAuthentication', ref, (mesh) => plaintextPortsSpec(mesh.service(ref).podLabels, ports())),
  ];
}

function envoyFilter(ref: ServiceRef): ObjectPlan {
  return planOf(ENVOY, 'EnvoyFilter', ref, (mesh) => envoyFilterSpec(mesh.service(ref)));
}

function virtualService(settings: IstioSettings, ref: ServiceRef): ObjectPlan {
  return planOf(NETWORKING, 'VirtualService', ref, (mesh) =>
    serviceVirtualServiceSpec(settings, mesh.service(ref), mesh),
  );
}
