import type { ConnectionRouteIntent } from './connection-route';
import type { Delivery } from './delivery';
import type { Labels } from './names';
import type { Operation } from './operation';
import type { InitCalls } from './pod';
import type { Port } from './port';
import type { ServiceRef } from './peer';
import type { Resilience } from './resilience';
import type { ReleaseIntent } from './release';
import type { DryRun, Restrictions } from './restriction';
import type { RouteIntent } from './route';
import type { ScopedLevel } from './scope';

/** What is known about a service as soon as it is declared. */
export interface ServiceDeclaration {
  readonly ref: ServiceRef;
  /** Whether this app makes the objects in the service's namespace. */
  readonly owned: boolean;
  /** Whether only declared calls get through in its namespace. */
  readonly locked: boolean;
  readonly ports: readonly Port[];
  /** Requests that may stay open although their port is not marked as streaming. */
  readonly streamingOperations: readonly Operation[];
  readonly resilience: Resilience;
  /** Names of the mesh's providers that this service's proxy calls. */
  readonly providers: readonly string[];
  readonly proxy: ProxySettings;
  /** What its init containers do, as far as somebody said it. */
  readonly initContainers?: InitCalls;
  /** Whether the mesh generates the NetworkPolicy of the workload. */
  readonly networkPolicy: boolean;
  /** Whether several services may share its service account. */
  readonly sharedIdentity: boolean;
  /** Whether its proxies count the pods of other services that they eject, which somebody watches. */
  readonly countsEjections?: boolean;
  /** Whether what would refuse calls only counts them. */
  readonly dryRun?: DryRun;
  /** Set while its namespace moves to mutual TLS only. */
  readonly migrating?: { readonly refusesPlaintext: boolean };
}

/** A service with what its workloads say, read at synth. */
export interface ServiceIntent extends ServiceDeclaration {
  readonly serviceAccount: string;
  /** Labels by which policies and the Service select the pods of every version. */
  readonly podLabels: Labels;
  /** Numbers of pods of its workloads, as far as manifests tell. */
  readonly replicas: readonly Replicas[];
  readonly release?: ReleaseIntent;
  /** A release that a controller carries out. */
  readonly delivery?: Delivery;
  /** Rules for some of its requests, added from anywhere. */
  readonly routes: readonly RouteIntent[];
  /** Rules for some of the connections to it, alike. */
  readonly connections: readonly ConnectionRouteIntent[];
  /** Protections for some of its calls, added from anywhere. */
  readonly scoped?: readonly ScopedLevel[];
  /** Protections that were, and are about to go. */
  readonly ending?: readonly ScopedLevel[];
  /** What limits calls to it besides grants. */
  readonly restrictions: Restrictions;
}

/** The number of pods of one version, or of a service without any. */
export interface Replicas {
  readonly version?: string;
  readonly count: number;
}

/** Resources of one proxy, and how it starts. */
export interface ProxySettings {
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly cpuLimit: string;
  readonly memoryLimit: string;
  readonly concurrency: number;
  readonly startFirst: boolean;
  /** How long it goes on when its pod ends; undefined is the mesh's own. */
  readonly drainMillis?: number;
  /** Whether probes of the kubelet are led through it; undefined is the mesh's own. */
  readonly rewriteProbes?: boolean;
  /** Whether the user chose any of these, so that pods that cannot be patched must carry them. */
  readonly chosen: boolean;
}

/** Key of a service in maps: `namespace/name`. */
export function serviceKey(ref: { readonly namespace: string; readonly name: string }): string {
  return `${ref.namespace}/${ref.name}`;
}
