import { Construct } from 'constructs';
import { Code, MeshError } from '../../errors';
import { givenShape } from '../../intent/given';
import { wholeNumber } from '../../options/numbers';
import { requireUrl } from '../../options/url';
import type { Values } from '../helm-release';
import type { CompanionChart } from './companion-chart';
import type { CompanionProps, IMeshCompanion, MeshCompanionFacts } from './companion-props';
import { COMPANION_SHAPE, installCompanion, resourceValues } from './companion-release';
import { OTLP_PORT, tracingFacts } from './tracing-facts';

/** A collector of spans, and where it sends them. */
export interface OpenTelemetryCollectorInstallProps extends CompanionProps {
  /**
   * Where spans go, by OTLP over gRPC: `otlpUrl` of a `JaegerInstall`, or another address with its port. `https` means TLS,
   * `http` plain text.
   */
  readonly exportUrl: string;
  /**
   * Name of the release, of its Service, and of the provider in the mesh configuration.
   * @default otel-collector
   */
  readonly name?: string;
  /**
   * Its namespace, which belongs to no mesh.
   * @default observability
   */
  readonly namespace?: string;
  /**
   * Its pods.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Its image, without a tag. One of another distribution may need `values.command.name`.
   * @default otel/opentelemetry-collector-k8s
   */
  readonly image?: string;
}

/** https://github.com/open-telemetry/opentelemetry-helm-charts/tree/main/charts/opentelemetry-collector */
const CHART: CompanionChart = {
  name: 'opentelemetry-collector',
  repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
  oldest: [0, 111],
  onceInCluster: false,
  ownFields: [],
};

/** What the chart listens for otherwise, and no proxy sends. */
const OTHER_PORTS = ['jaeger-compact', 'jaeger-grpc', 'jaeger-thrift', 'zipkin'];

/**
 * An OpenTelemetry collector, from the chart `opentelemetry-collector`, that takes spans by OTLP and sends them on. As a
 * companion of the mesh it is the provider to which proxies send spans, where a `MeshTelemetry` says so.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioInstall, IstioMesh, Mesh, MeshApp, OpenTelemetryCollectorInstall } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const delivery = Delivery.argoCd();
 * const collector = new OpenTelemetryCollectorInstall(new Chart(app, 'tracing'), 'Collector', {
 *   chartVersion: '0.173.0',
 *   delivery,
 *   exportUrl: 'https://traces.example.com:4317',
 * });
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery,
 *   companions: [collector],
 * });
 * Mesh.use(app, IstioMesh.fromInstall(install));
 */
export class OpenTelemetryCollectorInstall extends Construct implements IMeshCompanion {
  readonly meshFacts: MeshCompanionFacts;

  constructor(scope: Construct, id: string, props: OpenTelemetryCollectorInstallProps) {
    super(scope, id);
    const { name = 'otel-collector', namespace = 'observability' } = givenShape(`\`${this.node.path}\``, props, {
      ...COMPANION_SHAPE,
      exportUrl: 'text',
      name: 'text?',
      namespace: 'text?',
      replicas: 'number?',
      image: 'text?',
    });
    const release = { chart: CHART, name, namespace };
    installCompanion(this, release, props, collectorValues(name, props));
    this.meshFacts = tracingFacts(release, CHART.name);
  }
}

function collectorValues(name: string, props: OpenTelemetryCollectorInstallProps): Values {
  const replicas = wholeNumber('replicas of the collector', props.replicas ?? 2, 1, 100);
  const resources = resourceValues(props.resources);
  return {
    fullnameOverride: name,
    nameOverride: CHART.name,
    mode: 'deployment',
    replicaCount: replicas,
    // With a single pod it would stop nodes from being drained.
    ...(replicas > 1 ? { podDisruptionBudget: { enabled: true, minAvailable: 1 } } : {}),
    image: { repository: props.image ?? 'otel/opentelemetry-collector-k8s' },
    ports: {
      // Proxies would speak HTTP/1.1 to a port that says nothing.
      otlp: { enabled: true, servicePort: OTLP_PORT, containerPort: OTLP_PORT, appProtocol: 'grpc' },
      ...Object.fromEntries(OTHER_PORTS.map((port) => [port, { enabled: false }])),
    },
    config: {
      exporters: { otlp: exporter(props.exportUrl) },
      service: {
        pipelines: {
          traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['otlp'] },
        },
      },
    },
    ...(resources === undefined ? {} : { resources }),
  };
}

function exporter(given: string): Values {
  const url = requireUrl('exportUrl', given);
  if (!/^https?:\/\/[^/]+:\d+$/.test(url)) {
    throw new MeshError(
      Code.COMPANION,
      `exportUrl \`${given}\` of the collector has no port, or a path`,
      'give scheme, host and port, for example `https://traces.example.com:4317`',
    );
  }
  return { endpoint: url.replace(/^https?:\/\//, ''), tls: { insecure: url.startsWith('http://') } };
}
