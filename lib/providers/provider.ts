import type { Problem } from '../errors';
import type { Delivery, DeliveryIntent } from '../intent/delivery';
import type { EgressGatewayIntent } from '../intent/egress';
import type { EntranceIntent, IngressApi } from '../intent/entrance';
import type { ExternalIntent } from '../intent/external';
import type { IngressIntent } from '../intent/ingress';
import type { Machines } from '../intent/machines';
import type { GatewayIdentity, MeshIntent } from '../intent/mesh';
import type { Labels } from '../intent/names';
import type { OwnGateway, ServiceAccountRef, ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { PlannedRelease } from '../intent/release-plan';
import type { ResilienceLevel } from '../intent/resilience';
import type { RestrictionKind } from '../intent/restriction';
import type { ProxySettings, ServiceDeclaration, ServiceIntent } from '../intent/service';
import type { IntentPart, NamespaceDeclaration, Unsupported } from './provider/intent-part';
import type { MigrationProvider } from './provider/migration';
import type { IgnoredDifference, ObjectNotes, ObjectPlan, StandingObject } from './provider/object-plan';
import type { PodPatch, PodRules } from './provider/pods';
import type { TelemetryProvider } from './provider/telemetry';

export type { IntentPart, NamespaceDeclaration, RestrictionPart, Unsupported } from './provider/intent-part';
export type { MigrationProvider } from './provider/migration';
export type { IgnoredDifference, ObjectNotes, ObjectPlan, StandingObject } from './provider/object-plan';
export type { PodPatch, PodRules } from './provider/pods';
export type { TelemetryProvider } from './provider/telemetry';

/** A host that a service's proxy knows, and who asked for it. */
export interface HostImport {
  readonly host: string;
  readonly source: string;
}

/** A mesh: turns intent into its resources, and says what it cannot express. */
export interface Provider {
  /** Name in messages. */
  readonly name: string;
  /** Protections for services that choose none themselves. */
  readonly resilience: ResilienceLevel;
  /** Proxy settings for services that choose none themselves. */
  readonly proxy: ProxySettings;
  /** Names of the providers that every proxy calls, and of those that it calls where a service says so. */
  readonly providers: { readonly always: readonly string[]; readonly optional: readonly string[] };
  /** Whether pods of a namespace with a restricting Pod Security level can join. */
  readonly restrictsPods: boolean;
  /** The identity of the gateway where requests enter, where it is known. */
  readonly ingressGateway: GatewayIdentity | undefined;
  /** The kinds of objects by which hosts are opened where nobody says others. */
  readonly ingressApi: IngressApi;
  /** The gateway that it deploys for an object of a standard API. */
  ownGateway(object: { readonly namespace: string; readonly name: string }): OwnGateway;
  /** Who scrapes ports of applications, as far as it has an identity. */
  readonly scraper: ServiceAccountRef | undefined;
  /** What it tells about calls. */
  readonly telemetry: TelemetryProvider;
  /** How namespaces move to mutual TLS only. */
  readonly migration: MigrationProvider;
  /** Whether proxies take paths that differ by the number of slashes for one. */
  readonly mergesSlashes: boolean;
  /** Whether proxies resolve `..` in paths before policies see them. */
  readonly resolvesDots: boolean;
  /** The addresses of the Kubernetes API are known. */
  readonly kubernetesApiKnown: boolean;

  /** Labels that enrol a namespace, with those that contradict them. */
  enrolment(namespace: string): { readonly labels: Labels; readonly contradicting: readonly string[] };
  /** What this mesh cannot express of a part of the intent. */
  unsupported(part: IntentPart): readonly Unsupported[];

  namespaceObjects(namespace: NamespaceDeclaration): readonly ObjectPlan[];
  serviceObjects(service: ServiceDeclaration): readonly ObjectPlan[];
  /** Objects that a service needs only where its versions, or some of its callers, are treated differently. */
  releaseObjects(service: ServiceDeclaration): readonly ObjectPlan[];
  /** Objects that limit what the pods of a service take, where only some of its ports have a limit. */
  limitObjects(service: ServiceDeclaration): readonly ObjectPlan[];
  /** What the objects of a service, or of its release, say about its plan. */
  planNotes(planned: PlannedRelease): readonly ObjectNotes[];
  /** What is wrong with going from one state of the cluster to another in one change. */
  stageProblems(before: readonly StandingObject[], after: readonly StandingObject[]): readonly Problem[];
  /** What is wrong with routes that the user's own objects have to services of the mesh. */
  ownRouteProblems(objects: readonly StandingObject[], mesh: MeshIntent): readonly Problem[];
  /** Annotations of pods by which an upgrade of the mesh restarts them. */
  restartNotes(namespace: string): Labels;
  /** What has to be said at each synth while the mesh itself is upgraded; undefined while it is not. */
  readonly upgrading: string | undefined;
  /** Whether an object matters to {@link stageProblems}. */
  isStaged(apiVersion: string, kind: string): boolean;
  /** The label that names a service on pods, whatever their workloads are called. */
  readonly serviceLabel: string;
  /** Labels that say a pod's version, which changes with each release. */
  readonly revisionLabels: readonly string[];
  /** Objects by which a controller is told what to release. */
  deliveryObjects(service: ServiceRef, delivery: DeliveryIntent): readonly ObjectPlan[];
  /** Kinds of objects that the controller makes by itself, of the service and of ingresses to it. */
  handedOver(delivery: DeliveryIntent): {
    readonly ofService: readonly string[];
    readonly ofIngress: readonly string[];
  };
  /** What callers of a service do without because of its controller. */
  deliveryWarnings(service: ServiceIntent, delivery: Delivery): readonly string[];
  /** What a controller changes in the cluster, so that GitOps must not change it back. */
  ignoredDifferences(service: ServiceIntent, delivery: Delivery): readonly IgnoredDifference[];
  /** Objects that let the Kubernetes API call these ports without an identity of the mesh. */
  plaintextObjects(service: ServiceRef, ports: () => readonly Port[]): readonly ObjectPlan[];
  /** Objects that limit the calls to a service by restrictions of a kind. */
  restrictionObjects(service: ServiceDeclaration, kind: RestrictionKind): readonly ObjectPlan[];
  /** The name by which proxies know a service. */
  serviceHost(service: ServiceRef): string;
  externalObjects(external: ExternalIntent): readonly ObjectPlan[];
  /** What makes machines outside the cluster part of the mesh. */
  machineObjects(namespace: string, machines: Machines): readonly ObjectPlan[];
  /** What lets calls of hosts outside through a gateway, and nothing else. */
  egressGatewayObjects(gateway: EgressGatewayIntent): readonly ObjectPlan[];
  /** What opens hosts at the gateway. */
  entranceObjects(entrance: EntranceIntent): readonly ObjectPlan[];
  /** What checks tokens at the gateway of an entrance, once for the gateway, and what refuses requests for its hosts, once for these. */
  entranceTokens(entrance: EntranceIntent): {
    readonly checks: readonly ObjectPlan[];
    readonly demands: readonly ObjectPlan[];
  };
  /** What clients do without because of the API by which an ingress is said. */
  ingressWarnings(ingress: IngressIntent, mesh: MeshIntent): readonly string[];
  /** What leads on from there. */
  ingressObjects(ingress: IngressIntent): readonly ObjectPlan[];

  /** What the proxy of a pod needs on the pod itself. */
  podPatch(service: ServiceDeclaration): PodPatch;
  /** Hosts that a service's proxy knows, and why. */
  imports(service: ServiceIntent, mesh: MeshIntent): readonly HostImport[];
  /** What the proxy asks of pods. */
  readonly pods: PodRules;
}

/**
 * A mesh of a kind of your choice, given to `Mesh.use`.
 *
 * @example
 * import { App } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshProvider } from 'cdk8s-mesh';
 * const mesh: MeshProvider = new IstioMesh({ version: '1.30.3' });
 * Mesh.use(new App(), mesh);
 */
export abstract class MeshProvider {
  /** @internal */
  abstract _provider(): Provider;
}
