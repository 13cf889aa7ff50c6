import { Code, MeshError } from '../errors';
import { requireDnsLabel } from '../intent/names';
import type { DeliveredObject } from './deliver';
import type { GitManifests } from './git-manifests';
import { requireNoSecret } from './git-manifests';
import type { HelmInstall } from './helm-release';
import { stepOf } from './helm-release';
import { withoutNull } from './limits';

/** How Argo CD installs charts. */
export interface ArgoCdOptions {
  /**
   * Namespace of Argo CD, where its Applications are.
   * @default argocd
   */
  readonly namespace?: string;
  /**
   * Project of the Applications. It must allow the chart repository, the namespaces and cluster-wide objects.
   * @default default
   */
  readonly project?: string;
  /**
   * Address of the cluster's API as Argo CD has it. Excludes `clusterName`.
   * @default - https://kubernetes.default.svc, the cluster of Argo CD itself
   */
  readonly clusterServer?: string;
  /**
   * Name of the cluster as Argo CD has it. Excludes `clusterServer`.
   * @default - `clusterServer` says it
   */
  readonly clusterName?: string;
  /**
   * What the names of its Applications begin with, for example `west-`, where one Argo CD installs in several clusters. Releases are
   * called the same in each of them.
   * @default - nothing: an Application is called like its release
   */
  readonly applicationPrefix?: string;
  /**
   * Whether Argo CD applies changes, and takes back those of others, by itself. It never deletes what is gone from a chart:
   * that stays a decision of people.
   * @default false
   */
  readonly automated?: boolean;
}

const HERE = 'https://kubernetes.default.svc';

/** What makes the Applications, of charts and of other manifests, and the cluster that they are for. */
export function applications(options: ArgoCdOptions): {
  readonly cluster: string;
  readonly objects: (install: HelmInstall) => readonly DeliveredObject[];
  readonly manifests: (manifests: GitManifests) => readonly DeliveredObject[];
} {
  const { clusterServer, clusterName } = options;
  if (clusterServer !== undefined && clusterName !== undefined) {
    throw new MeshError(
      Code.INSTALL,
      `both clusterServer \`${clusterServer}\` and clusterName \`${clusterName}\` say where Argo CD installs`,
      'keep one of them',
    );
  }
  const namespace = requireDnsLabel('namespace of Argo CD', options.namespace ?? 'argocd');
  const prefix = options.applicationPrefix ?? '';
  const project = requireDnsLabel('project of Argo CD', options.project ?? 'default');
  const cluster = clusterName === undefined ? { server: clusterServer ?? HERE } : { name: clusterName };
  const syncPolicy = (...syncOptions: readonly string[]) => ({
    ...(options.automated === true ? { automated: { prune: false, selfHeal: true } } : {}),
    syncOptions: [...syncOptions, 'ServerSideApply=true'],
  });
  const objects = ({ charts, releases, ownFields }: HelmInstall) =>
    withoutNull('Argo CD', releases).map((release) => ({
      id: `Application-${release.name}`,
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: applicationName(prefix, release.name),
        namespace,
        annotations: { 'argocd.argoproj.io/sync-wave': String(stepOf(releases, release)) },
      },
      spec: {
        project,
        destination: { ...cluster, namespace: release.namespace },
        source: {
          repoURL: charts.repository.replace(/^oci:\/\//, ''),
          chart: release.chart,
          targetRevision: release.version,
          helm: { releaseName: release.name, valuesObject: release.values },
        },
        ignoreDifferences: ownFields.map(({ kind, path }) => ({
          group: 'admissionregistration.k8s.io',
          kind,
          jqPathExpressions: [path],
        })),
        syncPolicy: syncPolicy('CreateNamespace=true', 'RespectIgnoreDifferences=true'),
      },
    }));
  const manifests = (what: GitManifests) => {
    requireNoSecret('Argo CD', what, 'knows by itself how repositories are read');
    const { name, repository, tag, folder } = what;
    return [
      {
        id: `Application-${name}`,
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        // Before all charts.
        metadata: {
          name: applicationName(prefix, name),
          namespace,
          annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
        },
        spec: {
          project,
          destination: cluster,
          source: { repoURL: repository, path: folder, targetRevision: tag },
          syncPolicy: syncPolicy('Prune=false'),
        },
      },
    ];
  };
  return { cluster: JSON.stringify(cluster), objects, manifests };
}

function applicationName(prefix: string, name: string): string {
  return prefix === '' ? name : requireDnsLabel('name of an Application', `${prefix}${name}`);
}
