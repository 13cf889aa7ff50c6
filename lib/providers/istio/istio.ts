import type { Delivery, DeliveryIntent } from '../../intent/delivery';
import type { ExternalIntent } from '../../intent/external';
import type { EntranceIntent } from '../../intent/entrance';
import type { IngressIntent } from '../../intent/ingress';
import type { MeshIntent } from '../../intent/mesh';
import type { ServiceRef } from '../../intent/peer';
import { PLAN_NOTE, planNote } from '../../intent/plan-note';
import type { Port } from '../../intent/port';
import type { RestrictionKind } from '../../intent/restriction';
import type { PlannedRelease } from '../../intent/release-plan';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import type { IntentPart, NamespaceDeclaration, ObjectNotes, ObjectPlan, Provider, StandingObject } from '../provider';
import { authorizationPolicySpec } from './access';
import { certificatePlans } from './certificate';
import { deliveryObjects, deliveryWarnings, handedOver, ignoredDifferences } from './delivery';
import { destinationRuleSpec } from './destination-rule';
import { envoyFilterSpec, hasEnvoyFilter } from './envoy-filter';
import { externalDestinationRuleSpec, externalVirtualServiceSpec, serviceEntrySpec } from './egress';
import { gatewaySpec, ingressVirtualServiceSpec } from './ingress';
import { PERMISSIVE, STRICT, plaintextPortsSpec } from './mtls';
import { baselineSpec, denyAllSpec, serviceNetworkPolicySpec } from './network';
import { enrolment, podRules, proxyAnnotations } from './proxy';
import { REVISION_LABELS, SERVICE_LABEL } from './release-metrics';
import { admitEverybody, rehearsed, restrictionObjects } from './restriction-objects';
import { istioTelemetry } from './telemetry-provider';
import { serviceTarget, virtualServiceSpec } from './routing';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';
import { namespaceSidecarSpec, sidecarImports, workloadSidecarSpec } from './sidecar';
import { isStaged, stageProblems } from './stages/stage';
import { unsupported } from './unsupported';

const NETWORKING = 'networking.istio.io/v1';
/** Istio serves it at no other version. */
const ENVOY = 'networking.istio.io/v1alpha3';
const SECURITY = 'security.istio.io/v1';
const KUBERNETES_NETWORKING = 'networking.k8s.io/v1';

type Spec = (mesh: MeshIntent) => object;

/** Istio with sidecars. */
export class IstioProvider implements Provider {
  readonly name = 'IstioMesh';
  readonly serviceLabel = SERVICE_LABEL;
  readonly revisionLabels = REVISION_LABELS;
  readonly resilience;
  readonly proxy;
  readonly providers;
  readonly restrictsPods;
  readonly ingressGatewayKnown;
  readonly ingressGatewayNamespace;
  readonly mergesSlashes;
  readonly scraper;
  readonly kubernetesApiKnown;
  readonly telemetry;
  readonly pods;

  constructor(private readonly settings: IstioSettings) {
    this.resilience = settings.resilience;
    this.proxy = settings.proxy;
    this.providers = {
      always: settings.providers.filter(({ kind }) => kind !== 'extAuthz').map(({ name }) => name),
      optional: settings.providers.filter(({ kind }) => kind === 'extAuthz').map(({ name }) => name),
    };
    this.restrictsPods = settings.cni;
    this.ingressGatewayKnown = settings.ingressGateway !== undefined;
    this.ingressGatewayNamespace = settings.ingressGateway?.namespace;
    this.scraper = settings.scraper;
    this.mergesSlashes = settings.mergesSlashes;
    this.kubernetesApiKnown = settings.kubernetesApi !== undefined;
    this.telemetry = istioTelemetry(settings);
    this.pods = podRules(settings);
  }

  enrolment() {
    return enrolment(this.settings);
  }

  unsupported(part: IntentPart) {
    return unsupported(this.settings, part);
  }

  namespaceObjects({ name: namespace, locked, dryRun }: NamespaceDeclaration): readonly ObjectPlan[] {
    const { settings } = this;
    const plan = (kind: string, apiVersion: string, name: string, spec: Spec): ObjectPlan => ({
      id: `${kind}-${name}`,
      apiVersion,
      kind,
      name,
      namespace,
      spec,
    });
    return locked
      ? [
          plan('PeerAuthentication', SECURITY, 'default', () => STRICT),
          { ...plan('AuthorizationPolicy', SECURITY, 'default-deny', () => ({})), ...rehearsed(dryRun) },
          plan('NetworkPolicy', KUBERNETES_NETWORKING, 'default-deny', () => denyAllSpec(dryRun)),
          plan('NetworkPolicy', KUBERNETES_NETWORKING, 'mesh-baseline', () => baselineSpec(settings)),
          plan('Sidecar', NETWORKING, 'default', () => namespaceSidecarSpec(settings)),
        ]
      : [plan('PeerAuthentication', SECURITY, 'default', () => PERMISSIVE)];
  }

  serviceObjects(service: ServiceDeclaration): readonly ObjectPlan[] {
    const { settings } = this;
    const { ref, ports, locked } = service;
    const plan = (apiVersion: string, kind: string, spec: (intent: ServiceIntent, mesh: MeshIntent) => object) => ({
      id: kind,
      apiVersion,
      kind,
      name: ref.name,
      namespace: ref.namespace,
      ...rehearsed(kind === 'AuthorizationPolicy' && service.dryRun !== undefined),
      spec: (mesh: MeshIntent) => spec(mesh.service(ref), mesh),
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
      ...(ports.some((port) => port.carriesRequests) ? [this.virtualService(ref)] : []),
      ...(hasEnvoyFilter(service) ? [this.envoyFilter(ref)] : []),
      ...(locked
        ? [
            plan(NETWORKING, 'Sidecar', (intent, mesh) =>
              workloadSidecarSpec(intent, sidecarImports(settings, intent, mesh)),
            ),
          ]
        : []),
    ];
  }

  limitObjects(service: ServiceDeclaration): readonly ObjectPlan[] {
    return hasEnvoyFilter(service) ? [] : [this.envoyFilter(service.ref)];
  }

  releaseObjects({ ref, ports }: ServiceDeclaration): readonly ObjectPlan[] {
    return ports.some((port) => port.carriesRequests) ? [] : [this.virtualService(ref)];
  }

  planNotes(planned: PlannedRelease): readonly ObjectNotes[] {
    return [{ id: 'VirtualService', annotations: { [PLAN_NOTE]: planNote(planned) } }];
  }

  stageProblems(before: readonly StandingObject[], after: readonly StandingObject[]) {
    return stageProblems(before, after);
  }

  isStaged(apiVersion: string, kind: string) {
    return isStaged(apiVersion, kind);
  }

  deliveryObjects(ref: ServiceRef, delivery: DeliveryIntent) {
    return deliveryObjects(this.settings, ref, delivery);
  }

  handedOver(delivery: DeliveryIntent) {
    return handedOver(delivery);
  }

  deliveryWarnings(service: ServiceIntent, delivery: Delivery) {
    return deliveryWarnings(service, delivery);
  }

  ignoredDifferences(service: ServiceIntent, delivery: Delivery) {
    return ignoredDifferences(service, delivery);
  }

  plaintextObjects(ref: ServiceRef, ports: () => readonly Port[]): readonly ObjectPlan[] {
    return [
      planOf(SECURITY, 'PeerAuthentication', ref, (mesh) => plaintextPortsSpec(mesh.service(ref).podLabels, ports())),
    ];
  }

  restrictionObjects(service: ServiceDeclaration, kind: RestrictionKind) {
    return restrictionObjects(this.settings, service, kind);
  }

  serviceHost(ref: ServiceRef) {
    return serviceHost(this.settings, ref);
  }

  externalObjects({ name, namespace, ports }: ExternalIntent): readonly ObjectPlan[] {
    const plan = (kind: string, spec: (external: ExternalIntent, mesh: MeshIntent) => object) => ({
      id: kind,
      apiVersion: NETWORKING,
      kind,
      name,
      namespace,
      spec: (mesh: MeshIntent) => spec(mesh.external({ kind: 'external', namespace, name }), mesh),
    });
    return [
      plan('ServiceEntry', serviceEntrySpec),
      plan('DestinationRule', externalDestinationRuleSpec),
      ...(ports.some((port) => port.carriesRequests)
        ? [plan('VirtualService', (external, mesh) => externalVirtualServiceSpec(this.settings, external, mesh))]
        : []),
    ];
  }

  entranceObjects(entrance: EntranceIntent) {
    return [
      ...certificatePlans(this.settings, entrance),
      planOf(NETWORKING, 'Gateway', entrance, (mesh) => gatewaySpec(this.settings, entrance, mesh.routesAt(entrance))),
    ];
  }

  ingressObjects(ingress: IngressIntent) {
    const spec: Spec = (mesh) => ingressVirtualServiceSpec(this.settings, ingress, mesh);
    return [planOf(NETWORKING, 'VirtualService', ingress, spec)];
  }

  private envoyFilter(ref: ServiceRef): ObjectPlan {
    return planOf(ENVOY, 'EnvoyFilter', ref, (mesh) => envoyFilterSpec(mesh.service(ref)));
  }

  private virtualService(ref: ServiceRef): ObjectPlan {
    const { settings } = this;
    const target = (mesh: MeshIntent) => serviceTarget(settings, mesh.service(ref));
    return planOf(NETWORKING, 'VirtualService', ref, (mesh) => virtualServiceSpec(settings, target(mesh), mesh));
  }

  podPatch(service: ServiceDeclaration) {
    return proxyAnnotations(this.settings, service);
  }

  imports(service: ServiceIntent, mesh: MeshIntent) {
    return sidecarImports(this.settings, service, mesh);
  }
}

/** The one object of a kind that something has, under its own name. */
function planOf(
  apiVersion: string,
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  spec: Spec,
): ObjectPlan {
  return { id: kind, apiVersion, kind, name, namespace, spec };
}
