import { kubernetesApiPorts, workloadMtls } from '../intent/migration';
import type { WorkloadMtls } from '../intent/migration';
import type { ServiceEntry } from '../synthesis/registry';
import { emit } from './emit';
import type { Mesh } from './mesh';

/**
 * Adds what single workloads say about plain text during a migration. Services and grants may be declared after it, so this
 * is done when everything is known, and each time that it is asked.
 */
export function emitMigrationObjects(mesh: Mesh): void {
  for (const entry of mesh._registry.services.values()) {
    const { construct, declaration } = entry;
    if (declaration.owned && ownMtls(mesh, entry) !== undefined) {
      mesh._provider.migration
        .workloadObjects(declaration.ref, () => ownMtls(mesh, entry) ?? { openPorts: [] })
        .filter(({ id }) => construct.node.tryFindChild(id) === undefined)
        .forEach((plan) => emit(construct, mesh, plan));
    }
  }
}

function ownMtls(mesh: Mesh, { declaration }: ServiceEntry): WorkloadMtls | undefined {
  const migration = mesh._registry.migrationOf(declaration.ref.namespace);
  return migration === undefined
    ? undefined
    : workloadMtls(migration, declaration.ref, kubernetesApiPorts(declaration, mesh._registry.grants));
}
