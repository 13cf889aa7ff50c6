import type { MigrationStage } from './migration';
import { MIGRATION_STAGES } from './migration';

/** The annotation by which manifests alone tell how far a namespace has come. Part of the contract. */
export const MIGRATION_NOTE = 'cdk8s-mesh.github.io/mtls-migration';

/** The annotation of pods by which enrolment restarts them. It stays the same at later stages. Part of the contract. */
export const ENROLMENT_NOTE = 'cdk8s-mesh.github.io/enrolment';

/** What the policy of the whole mesh carries as that annotation: it is no namespace's. */
export const MESH_NOTE = 'scope=mesh';

/** A stage as the value of the annotation. */
export function migrationNote(stage: MigrationStage): string {
  return `stage=${stage}`;
}

/** What is written on pods: the stage that restarts them, and which control plane injects them. */
export function enrolmentNote(revision: string): string {
  return `stage=enrolled revision=${revision}`;
}

/** Reads the value of the annotation; undefined where it says no stage. */
export function readMigrationNote(text: string): MigrationStage | undefined {
  return MIGRATION_STAGES.find((stage) => migrationNote(stage) === text);
}
