import type { Delivery, DeliveryIntent } from '../../intent/delivery';
import type { EgressGatewayIntent } from '../../intent/egress';
import type { ExternalIntent } from '../../intent/external';
import type { EntranceIntent } from '../../intent/entrance';
import type { IngressIntent } from '../../intent/ingress';
import type { Machines } from '../../intent/machines';
import type { MeshIntent } from '../../intent/mesh';
import type { ServiceRef } from '../../intent/peer';
import { PLAN_NOTE, planNote } from '../../intent/plan-note';
import type { Port } from '../../intent/port';
import type { RestrictionKind } from '../../intent/restriction';
import type { PlannedRelease } from '../../intent/release-plan';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';
import type { IntentPart, NamespaceDeclaration, ObjectNotes, Provider, StandingObject } from '../provider';
import { deliveryObjects, deliveryWarnings, handedOver, ignoredDifferences } from './delivery';
import { ownGateway } from './gateway-api/gateway';
import { standardWarnings } from './gateway-api/retries';
import { machineObjects } from './objects/machines';
import { istioMigration } from './migration';
import { entranceTokens } from './objects/tokens';
import { egressGatewayObjects, entranceObjects, externalObjects, ingressObjects } from './objects/edges';
import { namespaceObjects } from './objects/namespace';
import { limitObjects, plaintextObjects, releaseObjects, serviceObjects } from './objects/service';
import { enrolment, podRules, proxyAnnotations, restartNotes } from './proxy';
import { REVISION_LABELS, SERVICE_LABEL } from './release-metrics';
import { restrictionObjects } from './restriction-objects';
import { istioTelemetry } from './telemetry-provider';
import type { IstioSettings } from './settings';
import { sidecarImports } from './sidecar';
import { serviceHost } from './settings';
import { ownRouteProblems } from './stages/own-routes';
import { isStaged, stageProblems } from './stages/stage';
import { unsupported } from './unsupported';

/** Istio with sidecars. */
export class IstioProvider implements Provider {
  readonly name = 'IstioMesh';
  readonly serviceLabel = SERVICE_LABEL;
  readonly revisionLabels = REVISION_LABELS;
  readonly resilience;
  readonly proxy;
  readonly providers;
  readonly restrictsPods;
  readonly ingressGateway;
  readonly ingressApi;
  readonly mergesSlashes;
  readonly resolvesDots;
  readonly scraper;
  readonly kubernetesApiKnown;
  readonly telemetry;
  readonly migration;
  readonly pods;
  readonly upgrading;

  constructor(private readonly settings: IstioSettings) {
    this.resilience = settings.resilience;
    this.proxy = settings.proxy;
    this.providers = {
      always: settings.providers.filter(({ kind }) => kind !== 'extAuthz').map(({ name }) => name),
      optional: settings.providers.filter(({ kind }) => kind === 'extAuthz').map(({ name }) => name),
    };
    this.restrictsPods = settings.cni;
    this.ingressGateway = settings.ingressGateway;
    this.ingressApi = settings.ingressApi;
    this.scraper = settings.scraper;
    this.mergesSlashes = settings.mergesSlashes;
    this.resolvesDots = settings.resolvesDots;
    this.kubernetesApiKnown = settings.kubernetesApi !== undefined;
    this.telemetry = istioTelemetry(settings);
    this.migration = istioMigration(settings);
    this.pods = podRules(settings);
    this.upgrading = settings.upgrading;
  }

  restartNotes(namespace: string) {
    return restartNotes(this.settings, namespace);
  }

  enrolment(namespace: string) {
    return enrolment(this.settings, namespace);
  }

  unsupported(part: IntentPart) {
    return unsupported(this.settings, part);
  }

  namespaceObjects(namespace: NamespaceDeclaration) {
    return namespaceObjects(this.settings, namespace);
  }

  serviceObjects(service: ServiceDeclaration) {
    return serviceObjects(this.settings, service);
  }

  limitObjects(service: ServiceDeclaration) {
    return limitObjects(service);
  }

  releaseObjects(service: ServiceDeclaration) {
    return releaseObjects(this.settings, service);
  }

  planNotes(planned: PlannedRelease): readonly ObjectNotes[] {
    return [{ id: 'VirtualService', annotations: { [PLAN_NOTE]: planNote(planned) } }];
  }

  stageProblems(before: readonly StandingObject[], after: readonly StandingObject[]) {
    return stageProblems(before, after);
  }

  ownRouteProblems(objects: readonly StandingObject[], mesh: MeshIntent) {
    return ownRouteProblems(this.settings, objects, mesh);
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

  plaintextObjects(ref: ServiceRef, ports: () => readonly Port[]) {
    return plaintextObjects(ref, ports);
  }

  restrictionObjects(service: ServiceDeclaration, kind: RestrictionKind) {
    return restrictionObjects(this.settings, service, kind);
  }

  serviceHost(ref: ServiceRef) {
    return serviceHost(this.settings, ref);
  }

  externalObjects(external: ExternalIntent) {
    return externalObjects(this.settings, external);
  }

  machineObjects(namespace: string, machines: Machines) {
    return machineObjects(namespace, machines);
  }

  ownGateway(object: { readonly namespace: string; readonly name: string }) {
    return ownGateway(object);
  }

  egressGatewayObjects(gateway: EgressGatewayIntent) {
    return egressGatewayObjects(this.settings, gateway);
  }

  entranceObjects(entrance: EntranceIntent) {
    return entranceObjects(this.settings, entrance);
  }

  entranceTokens(entrance: EntranceIntent) {
    return entranceTokens(this.settings, entrance);
  }

  ingressWarnings(ingress: IngressIntent, mesh: MeshIntent) {
    return ingress.entrance.own === undefined ? [] : standardWarnings(this.settings, ingress, mesh);
  }

  ingressObjects(ingress: IngressIntent) {
    return ingressObjects(this.settings, ingress);
  }

  podPatch(service: ServiceDeclaration) {
    return proxyAnnotations(this.settings, service);
  }

  imports(service: ServiceIntent, mesh: MeshIntent) {
    return sidecarImports(this.settings, service, mesh);
  }
}
