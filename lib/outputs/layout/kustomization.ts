import { toYaml } from '../yaml';

/** Name of the file by which kustomize, and so Argo CD and Flux, knows a folder. */
export const KUSTOMIZATION_FILE = 'kustomization.yaml';

/** A kustomization that lists files in their order. */
export function kustomization(paths: readonly string[]): string {
  return toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...paths] });
}
