import type { Problem } from '../errors';
import type { Grant } from '../intent/access';
import type { AddressCondition } from '../intent/grant-conditions';
import type { Delivery, DeliveryIntent } from '../intent/delivery';
import type { EntranceIntent } from '../intent/entrance';
import type { ExternalIntent } from '../intent/external';
import type { IngressIntent } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { MetricsOf } from '../intent/metrics';
import type { Labels } from '../intent/names';
import type { Operation } from '../intent/operation';
import type { RestrictionKind } from '../intent/restriction';
import type { PlannedRelease } from '../intent/release-plan';
import type { ResilienceLevel } from '../intent/resilience';
import type { RouteIntent } from '../intent/route';
import type { ProxySettings, ServiceDeclaration, ServiceIntent } from '../intent/service';
import type { ServiceAccountRef, ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { ScrapeIntent, TelemetryIntent, TelemetryTarget } from '../intent/telemetry';

/** An object that a provider wants, named at once and filled at synth. */
export interface ObjectPlan {
  /** Construct id below the construct that asked for it. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for objects without a namespace. */
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The object's `spec` for the complete intent; undefined for kinds without one. */
  readonly spec?: (mesh: MeshIntent) => object;
  /** The object's `data` for the complete intent; undefined for kinds without one. */
  readonly data?: (mesh: MeshIntent) => Readonly<Record<string, string>>;
}

/** Something that this mesh, or its installed version, cannot express. */
export interface Unsupported {
  /** What was asked for, where. */
  readonly feature: string;
  /** Why it cannot be had. */
  readonly reason: string;
  /** What to do instead. */
  readonly instead: string;
}

/** A part of the intent that a provider may be unable to express. */
export type IntentPart =
  | { readonly kind: 'namespace'; readonly namespace: NamespaceDeclaration }
  | { readonly kind: 'service'; readonly service: ServiceDeclaration }
  | { readonly kind: 'levels'; readonly service: ServiceIntent }
  | { readonly kind: 'route'; readonly service: ServiceRef; readonly route: RouteIntent }
  | { readonly kind: 'external'; readonly external: ExternalIntent }
  | { readonly kind: 'grant'; readonly grant: Grant }
  | RestrictionPart
  | { readonly kind: 'audit'; readonly service: string }
  | { readonly kind: 'delivery'; readonly service: ServiceIntent; readonly delivery: Delivery }
  | { readonly kind: 'ingress'; readonly ingress: IngressIntent; readonly service: ServiceDeclaration };

/** A limit to calls besides grants. */
export interface RestrictionPart {
  readonly kind: 'restriction';
  /** What it is and where, as messages say it. */
  readonly what: string;
  readonly operations: readonly Pick<Operation, 'paths'>[];
  readonly addresses?: AddressCondition;
}

/** Fields of an object that are changed in the cluster, as paths of jq. */
export interface IgnoredDifference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly paths: readonly string[];
}

/** A namespace of the mesh. */
export interface NamespaceDeclaration {
  readonly name: string;
  /** Whether plain text and undeclared calls are refused. */
  readonly locked: boolean;
  /** Whether what would refuse calls only counts them. */
  readonly dryRun: boolean;
}

/** What a mesh adds to the pods of a workload. */
export interface PodPatch {
  readonly annotations: Readonly<Record<string, string>>;
}

/** A host that a service's proxy knows, and who asked for it. */
export interface HostImport {
  readonly host: string;
  readonly source: string;
}

/** What a mesh tells about calls. */
export interface TelemetryProvider {
  /** Names of the services that spans and access logs go to. */
  readonly providers: { readonly tracing: readonly string[]; readonly accessLog: readonly string[] };
  /** Whether something may collect metrics from pods in zero-trust namespaces. */
  readonly monitoringKnown: boolean;
  /** Metrics of a service. */
  readonly metrics: MetricsOf;
  /** What Kiali has to know of the mesh itself. */
  readonly kialiSettings: Readonly<Record<string, unknown>>;
  telemetryObjects(target: TelemetryTarget, telemetry: TelemetryIntent): readonly ObjectPlan[];
  scrapeObjects(scrape: ScrapeIntent): readonly ObjectPlan[];
}

/** An object of one state of a cluster, and where it stands: a file with its line, or a construct. */
export interface StandingObject {
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly annotations?: Labels };
    readonly [field: string]: unknown;
  };
  readonly place: string;
}

/** Annotations of an object that was planned, by its id. */
export interface ObjectNotes {
  readonly id: string;
  readonly annotations: Labels;
}

/** What the proxy beside an application asks of its pod. */
export interface PodRules {
  /** Labels or annotations by which a pod, or one of these ports, opts out of the mesh; undefined where none does. */
  optsOut(
    labels: Labels,
    annotations: Readonly<Record<string, string>>,
    containerPorts: readonly number[],
  ): string | undefined;
  /**
   * Why the proxy of a pod with these annotations starts after init containers and stays when the application has ended,
   * with what to do about it; undefined where it does neither.
   */
  lateProxy(
    annotations: Readonly<Record<string, string>>,
  ): { readonly reason: string; readonly fix: string } | undefined;
  /** Whether the kubelet's probes are left as they are, without an identity, by the pod's own word or else the service's. */
  leavesProbes(proxy: ProxySettings, annotations: Readonly<Record<string, string>>): boolean;
  /** The number of the user, and of the group, whose traffic passes the proxy by. */
  readonly proxyUser: number;
  /** Name of the proxy's own container, which a pod may describe. */
  readonly proxyContainer: string;
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
  /** The identity of the gateway where requests enter is known. */
  readonly ingressGatewayKnown: boolean;
  /** The namespace of its pods. */
  readonly ingressGatewayNamespace: string | undefined;
  /** Who scrapes ports of applications, as far as it has an identity. */
  readonly scraper: ServiceAccountRef | undefined;
  /** What it tells about calls. */
  readonly telemetry: TelemetryProvider;
  /** Whether proxies take paths that differ by the number of slashes for one. */
  readonly mergesSlashes: boolean;
  /** The addresses of the Kubernetes API are known. */
  readonly kubernetesApiKnown: boolean;

  /** Labels that enrol a namespace, with those that contradict them. */
  enrolment(): { readonly labels: Labels; readonly contradicting: readonly string[] };
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
  /** What opens hosts at the gateway. */
  entranceObjects(entrance: EntranceIntent): readonly ObjectPlan[];
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
