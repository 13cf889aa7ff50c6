import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import { requireLabels } from '../intent/names';
import type { ScrapeTarget } from '../intent/telemetry';
import { positiveMillis } from '../options/numbers';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { IMeshNamespace } from './namespace';
import { chartNamespace } from './chart-namespace';

/** How the operator of Prometheus finds what to collect from. */
export interface ScrapeOptions {
  /**
   * Time between two collections, in whole milliseconds.
   * @default - that of Prometheus
   */
  readonly interval?: Duration;
  /**
   * Labels of the PodMonitor or ServiceMonitor, by which Prometheus selects it, for example `release: prometheus`.
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
}

/** What to collect from in a namespace. */
export interface MetricsScrapeProps extends ScrapeOptions {
  /**
   * The namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * Whether the metrics of applications are collected with those of their proxies. Under mutual TLS this is the way to
   * them: a pod says with the annotations `prometheus.io/port` and `prometheus.io/path` where its metrics are.
   * @default false
   */
  readonly applicationMetrics?: boolean;
  /**
   * Set where it is not a namespace.
   * @internal
   */
  readonly _target?: ScrapeTarget;
}

/**
 * Lets the Prometheus of the mesh's monitoring namespace, if its operator runs it, collect the metrics of the proxies of
 * a namespace.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MetricsScrape, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3', monitoringNamespace: 'monitoring' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * new MetricsScrape(chart, 'Scrape', { applicationMetrics: true, labels: { release: 'prometheus' } });
 */
export class MetricsScrape extends Construct {
  /** The proxies of the ingress gateway, which are the callers of what clients reach; an object in its namespace. */
  static ingressGateway(scope: Construct, id: string, options: ScrapeOptions = {}): MetricsScrape {
    return new MetricsScrape(scope, id, { ...options, _target: { kind: 'ingressGateway' } });
  }

  /** The control plane of the mesh; an object in its root namespace. */
  static controlPlane(scope: Construct, id: string, options: ScrapeOptions = {}): MetricsScrape {
    return new MetricsScrape(scope, id, { ...options, _target: { kind: 'controlPlane' } });
  }

  constructor(scope: Construct, id: string, props: MetricsScrapeProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    const { labels = {}, interval } = givenShape('a collection of metrics', props, {
      namespace: 'made:namespaceName?',
      applicationMetrics: 'flag?',
      interval: 'made:toMilliseconds?',
      labels: 'object?',
      _target: 'object?',
    });
    const target = props._target ?? namespaceTarget(this, mesh, props);
    if (target.kind === 'ingressGateway' && mesh._provider.ingressGateway === undefined) {
      throw new MeshError(
        Code.GATEWAY_UNKNOWN,
        `\`${this.node.path}\` collects metrics of the ingress gateway, which the mesh does not know`,
        'give the mesh its `ingressGateway`',
      );
    }
    mesh._registry.addTelemetry(scraped(target), this);
    mesh._provider.telemetry
      .scrapeObjects({
        target,
        labels: Object.keys(labels).length === 0 ? {} : requireLabels('labels of the monitor', labels),
        ...(interval === undefined ? {} : { intervalMillis: positiveMillis('interval of the collection', interval) }),
      })
      .forEach((plan) => emit(this, mesh, plan));
  }
}

function namespaceTarget(construct: Construct, mesh: Mesh, props: MetricsScrapeProps): ScrapeTarget {
  const { namespaceName: namespace, _locked: locked } = props.namespace ?? chartNamespace(construct, mesh);
  if (locked && !mesh._provider.telemetry.monitoringKnown) {
    throw new MeshError(
      Code.MONITORING_UNKNOWN,
      `metrics of \`${namespace}\` shall be collected, but its NetworkPolicies let nobody in to do so`,
      'give the mesh the `monitoringNamespace` in which Prometheus runs',
    );
  }
  return { kind: 'namespace', namespace, applicationMetrics: props.applicationMetrics ?? false };
}

function scraped(target: ScrapeTarget): string {
  switch (target.kind) {
    case 'namespace':
      return `collections of metrics of namespace \`${target.namespace}\``;
    case 'ingressGateway':
      return 'collections of metrics of the ingress gateway';
    case 'controlPlane':
      return 'collections of metrics of the control plane';
  }
}
