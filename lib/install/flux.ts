import { Code, MeshError } from '../errors';
import { requireDnsLabel } from '../intent/names';
import type { DeliveredObject } from './deliver';
import type { GitManifests } from './git-manifests';
import type { HelmInstall } from './helm-release';
import { withoutNull } from './limits';

/** How Flux installs charts. */
export interface FluxOptions {
  /**
   * Namespace of the HelmRepository and the HelmReleases.
   * @default flux-system
   */
  readonly namespace?: string;
  /**
   * How often Flux looks for what has changed, as it writes durations, for example `10m`.
   * @default 1h
   */
  readonly interval?: string;
  /**
   * How long an installation may take before Flux calls it failed, as it writes durations.
   * @default 10m
   */
  readonly timeout?: string;
  /**
   * Name of a Secret in the same namespace with which the chart repository is read.
   * @default - the repository is public
   */
  readonly repositorySecret?: string;
}

/** Durations as Flux's CRDs take them. */
const DURATION = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

/** What makes the objects of Flux, for charts and for other manifests. */
export function fluxObjects(options: FluxOptions): {
  readonly objects: (install: HelmInstall) => readonly DeliveredObject[];
  readonly manifests: (manifests: GitManifests) => readonly DeliveredObject[];
} {
  const namespace = requireDnsLabel('namespace of Flux', options.namespace ?? 'flux-system');
  const interval = requireDuration('interval', options.interval ?? '1h');
  const timeout = requireDuration('timeout', options.timeout ?? '10m');
  const secret =
    options.repositorySecret === undefined
      ? {}
      : { secretRef: { name: requireDnsLabel('repositorySecret of Flux', options.repositorySecret) } };
  const objects = ({ charts, releases }: HelmInstall) => [
    {
      id: `HelmRepository-${charts.name}`,
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: charts.name, namespace },
      spec: {
        ...(charts.repository.startsWith('oci://') ? { type: 'oci' } : {}),
        url: charts.repository,
        interval,
        ...secret,
      },
    },
    ...withoutNull('Flux', releases).map(({ name, namespace: targetNamespace, chart, version, values, after }) => ({
      id: `HelmRelease-${name}`,
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name, namespace },
      spec: {
        releaseName: name,
        targetNamespace,
        storageNamespace: targetNamespace,
        interval,
        timeout,
        ...(after.length === 0 ? {} : { dependsOn: after.map((before) => ({ name: before })) }),
        chart: {
          spec: {
            chart,
            version,
            sourceRef: { kind: 'HelmRepository', name: charts.name },
            interval,
          },
        },
        install: { createNamespace: true, crds: 'CreateReplace' },
        upgrade: { crds: 'CreateReplace' },
        values,
      },
    })),
  ];
  const manifests = ({ name, repository, secret: own, tag, folder, within }: GitManifests) => [
    {
      id: `GitRepository-${name}`,
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name, namespace },
      spec: {
        url: repository,
        ref: { tag },
        interval,
        ignore: `/*\n!/${within}\n`,
        ...(own === undefined ? {} : { secretRef: { name: own } }),
      },
    },
    {
      id: `Kustomization-${name}`,
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name, namespace },
      spec: {
        interval,
        timeout,
        path: `./${folder}`,
        prune: false,
        wait: true,
        sourceRef: { kind: 'GitRepository', name },
      },
    },
  ];
  return { objects, manifests };
}

function requireDuration(field: string, value: string): string {
  if (DURATION.test(value)) return value;
  throw new MeshError(
    Code.INSTALL,
    `${field} of Flux is \`${value}\`, which is no duration`,
    'write it as `30s`, `10m` or `1h`',
  );
}
