import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import type { MeshIntent } from '../intent/mesh';
import { requireLabels } from '../intent/names';
import { requireUrl } from '../options/url';
import type * as Drawing from '../telemetry/dashboards/namespace';
import type { PageLink } from '../telemetry/dashboards/namespace';
import type { DashboardKind } from '../telemetry/dashboards/kinds';
import { DASHBOARDS } from '../telemetry/dashboards/kinds';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { IMeshNamespace } from './namespace';
import { chartNamespace } from './chart-namespace';
import { watchedServices } from './watched-services';

/** Kubernetes stores at most this much in one ConfigMap; the rest is for its metadata. */
const MAX_BYTES = 1_000_000;

/** Dashboards of the services of a namespace. */
export interface MeshDashboardsProps {
  /**
   * The namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * Labels by which Grafana's sidecar finds the ConfigMaps.
   * @default - `grafana_dashboard: "1"`
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Where people reach Kiali: dashboards link to its graph of the namespace.
   * @default - no link
   */
  readonly kialiUrl?: string;
  /**
   * Where people reach Jaeger: dashboards link to its search.
   * @default - no link
   */
  readonly jaegerUrl?: string;
}

/**
 * Three Grafana dashboards of the services that this app declares in a namespace: what each service does, who calls it,
 * declared or not, and how its versions compare. They are ConfigMaps that Grafana's sidecar loads. Callers that this app
 * declares are told to count the pods that they eject, which changes the annotations of their pods.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshDashboards, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * new MeshDashboards(chart, 'Dashboards', { kialiUrl: 'https://kiali.example.com' });
 */
export class MeshDashboards extends Construct {
  constructor(scope: Construct, id: string, props: MeshDashboardsProps = {}) {
    super(scope, id);
    const mesh = Mesh.of(this);
    givenShape('dashboards', props, {
      namespace: 'made:namespaceName?',
      labels: 'object?',
      kialiUrl: 'text?',
      jaegerUrl: 'text?',
    });
    const { namespaceName: namespace } = props.namespace ?? chartNamespace(this, mesh);
    const labels = requireLabels('labels of the dashboards', props.labels ?? { grafana_dashboard: '1' });
    const pages = pageLinks(namespace, props);
    mesh._registry.addTelemetry(`dashboards of namespace \`${namespace}\``, this);
    mesh._registry.watched.add(namespace);
    for (const kind of DASHBOARDS) {
      emit(this, mesh, {
        id: `ConfigMap-${kind}`,
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: `mesh-dashboard-${kind}`,
        namespace,
        labels,
        data: (intent) => dashboardData(mesh, intent, kind, namespace, pages),
      });
    }
  }
}

function dashboardData(
  mesh: Mesh,
  intent: MeshIntent,
  kind: DashboardKind,
  namespace: string,
  pages: readonly PageLink[],
): Readonly<Record<string, string>> {
  // Grafana's SDK takes longer to load than all of this library: only those who draw dashboards wait for it.
  const { namespaceDashboard } = require('../telemetry/dashboards/namespace') as typeof Drawing;
  const json = namespaceDashboard(kind, namespace, watchedServices(mesh, intent, namespace), pages);
  if (Buffer.byteLength(json) > MAX_BYTES) {
    throw new MeshError(
      Code.TELEMETRY,
      `the dashboard \`${kind}\` of namespace \`${namespace}\` has \`${Buffer.byteLength(json)}\` bytes, more than a ConfigMap holds`,
      'declare its services in several namespaces',
    );
  }
  // Grafana's sidecar writes all files into one folder.
  return { [`mesh-${namespace}-${kind}.json`]: json };
}

function pageLinks(namespace: string, { kialiUrl, jaegerUrl }: MeshDashboardsProps): readonly PageLink[] {
  return [
    ...(kialiUrl === undefined
      ? []
      : [
          {
            title: 'Kiali',
            url: `${requireUrl('kialiUrl', kialiUrl)}/console/graph/namespaces/?namespaces=${namespace}`,
          },
        ]),
    ...(jaegerUrl === undefined ? [] : [{ title: 'Jaeger', url: `${requireUrl('jaegerUrl', jaegerUrl)}/search` }]),
  ];
}
