import type { MigrationStage } from '../intent/migration';
import type { MeshedService } from './meshed-service';
import type { MeshedNamespace } from './meshed-namespace';

/** A service that serves plain text for some more time. */
export interface MigrationException {
  /** The service that is called. */
  readonly service: MeshedService;
  /**
   * Names of its ports.
   * @default - all of its pods' ports, also those that nobody declared
   */
  readonly ports?: string[];
  /** Why, for whoever reads it. */
  readonly reason: string;
  /** The last day of it, as `YYYY-MM-DD`, in UTC. After it, the app fails at synth. */
  readonly until: string;
}

/** Namespaces on their way to mutual TLS only. */
export interface MtlsMigrationProps {
  /**
   * The namespaces. They go together from stage to stage; give others a migration of their own. It may be empty at
   * `STRICT_MESH`, when all of them have become zero-trust namespaces.
   */
  readonly namespaces: MeshedNamespace[];
  /** How far they have come. One change moves one stage, forward or back. */
  readonly stage: MigrationStage;
  /**
   * Services that refuse plain text before their namespaces do, from `STRICT_WORKLOADS` on. It may be given before.
   * @default - none, which is an error at `STRICT_WORKLOADS`
   */
  readonly strict?: MeshedService[];
  /**
   * Services or ports that go on serving plain text at every stage.
   * @default - none; ports that the Kubernetes API is allowed to call are always open
   */
  readonly exceptions?: MigrationException[];
  /**
   * Namespaces of callers whose pods have proxies although no manifest of this app says so.
   * @default - none
   */
  readonly namespacesInMesh?: string[];
  /**
   * Whether proxies write down the calls that they get in plain text, from `OBSERVED` on. Their namespaces then say nothing
   * else about access logs of calls that pods get: turn it off where a `MeshTelemetry` does.
   * @default true
   */
  readonly logPlaintext?: boolean;
}

/** Something to look at before the next stage. */
export interface MigrationCheck {
  /** What it is about, and what must be seen. */
  readonly what: string;
  /**
   * A command for a shell. It must print nothing.
   * @default - none: there is a query
   */
  readonly command?: string;
  /**
   * PromQL. It must give nothing.
   * @default - none: there is a command
   */
  readonly query?: string;
}

/** Somebody who is allowed to call and is outside the mesh, as far as manifests tell. */
export interface OutsideCaller {
  /** The caller, as messages name it. */
  readonly caller: string;
  /** The service that it calls, as `namespace/name`. */
  readonly service: string;
  /** Names of the ports that it may call and that would refuse plain text when the namespace does. */
  readonly ports: string[];
  /** How manifests tell that it is outside, or that they do not tell that it is inside. */
  readonly reason: string;
}
