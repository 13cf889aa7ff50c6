import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { KubeObject } from '../manifests/objects';
import { isClusterScoped } from '../outputs/cluster-kinds';
import type { Deliver } from './deliver';
import { addObject, delivering, namespaceObjects } from './deliver';
import type { DeliverManifests } from './git-manifests';
import { requireNoSecret } from './git-manifests';
import type * as HelmTemplate from './helm-template';
import type { Shape } from '../intent/given';
import { givenShape } from '../intent/given';
import { requireDnsLabel } from '../intent/names';

/** How the charts are rendered. */
export interface RenderedOptions {
  /** Version of the cluster that the manifests are for, for example `1.33`: charts depend on it. */
  readonly kubernetesVersion: string;
  /**
   * Folder with the charts, each in a folder of its name or in an archive as `helm pull` writes it, for example
   * `istiod-1.30.3.tgz`. Relative to the folder in which the app runs.
   * @default - they are read from `chartRepository` of the install
   */
  readonly chartFolder?: string;
  /**
   * Kinds that the cluster has besides those of Kubernetes, as charts ask for them, for example
   * `monitoring.coreos.com/v1/ServiceMonitor`.
   * @default - none
   */
  readonly apiVersions?: string[];
  /**
   * The program `helm`, of Helm 3.8 or later.
   * @default helm
   */
  readonly helm?: string;
  /**
   * Whether the namespaces are among the manifests. Not where other objects of the app make them.
   * @default true
   */
  readonly createNamespaces?: boolean;
  /**
   * Name of the cluster, where one app renders manifests for several.
   * @default - the only cluster
   */
  readonly clusterName?: string;
}

const SHAPE: Shape<RenderedOptions> = {
  kubernetesVersion: 'text',
  chartFolder: 'text?',
  apiVersions: 'text[]?',
  helm: 'text?',
  createNamespaces: 'flag?',
  clusterName: 'text?',
};

const VERSION = /^v?\d+\.\d+(\.\d+)?$/;

/** What renders charts and adds other manifests, and the cluster that they are for. */
export function renderedManifests(options: RenderedOptions): {
  readonly cluster: string;
  readonly deliver: Deliver;
  readonly manifests: DeliverManifests;
} {
  const {
    kubernetesVersion,
    clusterName,
    createNamespaces = true,
    chartFolder,
  } = givenShape('`Delivery.rendered`', options, SHAPE);
  const { helm = 'helm', apiVersions = [] } = options;
  if (!VERSION.test(kubernetesVersion)) {
    throw new MeshError(
      Code.INSTALL,
      `kubernetesVersion \`${kubernetesVersion}\` is no version of Kubernetes`,
      'write it as `1.33` or `1.33.2`',
    );
  }
  if (clusterName !== undefined) requireDnsLabel('clusterName', clusterName);
  const deliver: Deliver = (scope, install) => {
    const { renderChart } = require('./helm-template') as typeof HelmTemplate;
    if (createNamespaces) delivering(namespaceObjects)(scope, install);
    const made = new Map<string, Construct>();
    for (const release of install.releases) {
      const place = new Construct(scope, release.name);
      const settings = { helm, kubernetesVersion, apiVersions, folder: chartFolder };
      addObjects(place, release.namespace, renderChart(settings, install.charts, release));
      for (const before of release.after) {
        const needed = made.get(before);
        if (needed !== undefined) place.node.addDependency(needed);
      }
      made.set(release.name, place);
    }
  };
  const manifests: DeliverManifests = (scope, what) => {
    requireNoSecret('`Delivery.rendered`', what, 'reads a file');
    addObjects(scope, undefined, what.onDisk());
  };
  return { cluster: clusterName ?? 'this cluster', deliver, manifests };
}

/** Definitions of kinds first: an `App` of cdk8s keeps the order of construction. */
function addObjects(place: Construct, namespace: string | undefined, objects: readonly KubeObject[]): void {
  const clusterKinds = new Set(objects.flatMap(clusterKindOf));
  const sorted = [...objects].sort((one, other) => Number(isDefinition(other)) - Number(isDefinition(one)));
  sorted.forEach((object, index) => {
    const { metadata } = object;
    // Helm puts what names no namespace into that of the release.
    const isPlaced = metadata?.namespace !== undefined || isClusterScoped(object) || clusterKinds.has(object.kind);
    addObject(place, `${index}-${object.kind}-${metadata?.name ?? ''}`, {
      ...object,
      metadata: { ...metadata, ...(isPlaced || namespace === undefined ? {} : { namespace }) },
    });
  });
}

function isDefinition({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}

/** The kind without a namespace that an object defines. */
function clusterKindOf(object: KubeObject): readonly string[] {
  const spec = object.spec as { readonly scope?: unknown; readonly names?: { readonly kind?: unknown } } | undefined;
  const kind = spec?.names?.kind;
  return isDefinition(object) && spec?.scope === 'Cluster' && typeof kind === 'string' ? [kind] : [];
}
