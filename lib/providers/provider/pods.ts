import type { Labels } from '../../intent/names';
import type { ProxySettings } from '../../intent/service';

/** What a mesh adds to the pods of a workload. */
export interface PodPatch {
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the proxy beside an application asks of its pod. */
export interface PodRules {
  /** Labels or annotations by which a pod, or one of these ports, opts out of the mesh; undefined where none does. */
  optsOut(
    labels: Labels,
    annotations: Readonly<Record<string, string>>,
    containerPorts: readonly number[],
  ): string | undefined;
  /** Whether labels let a pod join the mesh although its namespace does not. */
  optsIn(labels: Labels): boolean;
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
