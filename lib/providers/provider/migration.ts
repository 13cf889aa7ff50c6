import type { MigrationStage, WorkloadMtls } from '../../intent/migration';
import type { Labels } from '../../intent/names';
import type { ServiceRef } from '../../intent/peer';
import type { ObjectNotes, ObjectPlan } from './object-plan';

/** How a mesh moves namespaces to mutual TLS only. */
export interface MigrationProvider {
  /** What the objects of a namespace say about its stage. */
  namespaceNotes(stage: MigrationStage): readonly ObjectNotes[];
  /** Annotations of pods by which enrolment restarts them. */
  enrolmentNotes(namespace: string): Labels;
  /** What one workload says about plain text besides its namespace. */
  workloadObjects(ref: ServiceRef, mtls: () => WorkloadMtls): readonly ObjectPlan[];
  /** What writes down calls in plain text. */
  observationObjects(namespace: string): readonly ObjectPlan[];
  /** What holds for the whole mesh, once every pod of it refuses plain text. */
  meshObjects(): readonly ObjectPlan[];
  /** A command for a shell that prints each running pod of these namespaces that has no proxy. */
  podsWithoutProxy(namespaces: readonly string[]): string;
  /** PromQL of the calls in the range that came without mutual TLS, by callee and caller, in the whole mesh. */
  plaintextOfMesh(range: string): string;
}
