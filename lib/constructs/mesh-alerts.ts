import { Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenMade, givenOptions, givenShape, givenText } from '../intent/given';
import type { MeshIntent } from '../intent/mesh';
import { requireLabels } from '../intent/names';
import type { ServiceDeclaration, ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { Objective } from '../intent/telemetry';
import type { ObjectiveOptions } from '../options/objective';
import { objectiveOf } from '../options/objective';
import { serviceAlerts } from '../telemetry/alerts';
import { ruleGroups } from '../telemetry/rules';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import type { IMeshNamespace } from './namespace';
import { chartNamespace } from './chart-namespace';
import { watchedServices } from './watched-services';

const RUNBOOK = 'https://github.com/cdk8s-mesh/cdk8s-mesh/blob/main/docs/telemetry.md';

/** Alerts about the services of a namespace. */
export interface MeshAlertsProps {
  /**
   * The namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * What its services promise, if they have no objective of their own.
   * @default - see `ObjectiveOptions`
   */
  readonly objective?: ObjectiveOptions;
  /**
   * Labels of the PrometheusRule, by which Prometheus selects it, for example `release: prometheus`.
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * Labels of each alert, by which they are routed, for example `team: checkout`.
   * @default - `severity`, `namespace` and `service`
   */
  readonly alertLabels?: { readonly [key: string]: string };
  /**
   * Page that alerts link to, with a heading for each.
   * @default - the page about telemetry in the documentation of cdk8s-mesh
   */
  readonly runbookUrl?: string;
}

/**
 * Alerts about the services that this app declares in a namespace: too many failures, slow answers, ejected pods, refused
 * calls, and calls without mutual TLS. Callers that this app declares are told to count the pods that they eject, which
 * changes the annotations of their pods.
 *
 * @example
 * import { App, Chart, Duration } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshAlerts, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * new MeshAlerts(chart, 'Alerts', { objective: { successRatePercent: 99.5, latency: Duration.millis(500) } });
 */
export class MeshAlerts extends Construct {
  private readonly namespace: string;
  private readonly objectives = new Map<string, ObjectiveOptions>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MeshAlertsProps = {},
  ) {
    super(scope, id);
    const mesh = Mesh.of(this);
    const { labels = {}, alertLabels = {} } = givenShape('alerts', props, {
      namespace: 'made:namespaceName?',
      objective: 'object?',
      labels: 'object?',
      alertLabels: 'object?',
      runbookUrl: 'text?',
    });
    this.namespace = (props.namespace ?? chartNamespace(this, mesh)).namespaceName;
    objectiveOf(this.namespace, props.objective);
    requireAlertLabels(alertLabels);
    mesh._registry.addTelemetry(`alerts of namespace \`${this.namespace}\``, this);
    mesh._registry.watched.add(this.namespace);
    emit(this, mesh, {
      id: 'PrometheusRule',
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      name: 'mesh-alerts',
      namespace: this.namespace,
      labels: Object.keys(labels).length === 0 ? {} : requireLabels('labels of the alerts', labels),
      spec: (intent) => this.groups(mesh, intent),
    });
  }

  /** What one service promises, laid over the namespace's objective. */
  addObjective(service: MeshedService, objective: ObjectiveOptions): void {
    const { declaration } = givenMade('the service of an objective', service, '_entry', 'a `MeshedService`')._entry;
    givenOptions('an objective', objective);
    const key = serviceKey(declaration.ref);
    if (declaration.ref.namespace !== this.namespace || this.objectives.has(key)) {
      throw new MeshError(
        Code.TELEMETRY,
        declaration.ref.namespace === this.namespace
          ? `\`${key}\` has an objective already`
          : `\`${key}\` is not in namespace \`${this.namespace}\`, whose alerts these are`,
        declaration.ref.namespace === this.namespace
          ? 'give it one objective'
          : 'add it to the alerts of its namespace',
      );
    }
    requireMeasurable(key, declaration, objective, objectiveOf(key, objective).saysLatency);
    this.objectives.set(key, objective);
  }

  /** The same alerts as a file of rules, for a Prometheus without its operator, or for `promtool`. */
  rulesFile(): string {
    const mesh = Mesh.of(this);
    return Yaml.stringify(this.groups(mesh, mesh._currentIntent()));
  }

  private groups(mesh: Mesh, intent: MeshIntent): object {
    const services = watchedServices(mesh, intent, this.namespace).map(({ service, metrics }) => ({
      ref: service.ref,
      alerts: serviceAlerts(service, intent, metrics, this.objectiveFor(service)),
    }));
    return ruleGroups(services, {
      labels: this.props.alertLabels ?? {},
      runbookUrl: this.props.runbookUrl ?? RUNBOOK,
    });
  }

  private objectiveFor(service: ServiceIntent): Objective {
    const key = serviceKey(service.ref);
    const { objective } = objectiveOf(key, this.props.objective, this.objectives.get(key));
    const { latency, ...rest } = objective;
    return mayStayOpen(service) || latency === undefined ? rest : { ...rest, latency };
  }
}

/** Metrics do not tell ports and operations apart, so that one open request hides the latency of all others. */
function mayStayOpen({ ports, streamingOperations }: ServiceDeclaration): boolean {
  return streamingOperations.length > 0 || ports.some(({ streaming }) => streaming);
}

function requireMeasurable(
  key: string,
  declaration: ServiceDeclaration,
  objective: ObjectiveOptions,
  saysLatency: boolean,
): void {
  if (saysLatency && mayStayOpen(declaration)) {
    throw new MeshError(
      Code.TELEMETRY,
      `\`latency\` of \`${key}\` cannot be measured, since some of its requests may stay open`,
      'leave `latency` and `latencyPercentile` out, or split the service',
    );
  }
  if (Object.keys(objective).length > 0 && !declaration.ports.some((port) => port.carriesRequests)) {
    throw new MeshError(
      Code.TELEMETRY,
      `\`${key}\` carries no requests, so that it has no success rate and latency`,
      'leave its objective out',
    );
  }
}

function requireAlertLabels(labels: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(labels)) {
    givenText(`label \`${name}\` of the alerts`, value);
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || ['severity', 'namespace', 'service', 'alertname'].includes(name)) {
      throw new MeshError(
        Code.TELEMETRY,
        `label \`${name}\` of the alerts is ${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? 'set by each alert itself' : 'not a name that Prometheus accepts'}`,
        'use a name of its own of letters, digits and `_`, for example `team`',
      );
    }
  }
}
