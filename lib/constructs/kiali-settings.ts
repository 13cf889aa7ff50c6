import { Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { givenOptions } from '../intent/given';
import { requireUrl } from '../options/url';
import { Mesh } from './mesh';

/** Where Kiali finds what it shows. Addresses inside the cluster are for Kiali itself, the others for its users. */
export interface KialiAddresses {
  /** Prometheus, as Kiali reaches it, for example `http://prometheus-operated.monitoring:9090`. */
  readonly prometheusUrl: string;
  /**
   * Grafana, as Kiali reaches it.
   * @default - Kiali shows no dashboards
   */
  readonly grafanaUrl?: string;
  /**
   * Grafana, as people reach it.
   * @default - Kiali has no links to dashboards
   */
  readonly grafanaPublicUrl?: string;
  /**
   * Jaeger's query API over HTTP, as Kiali reaches it, for example `http://jaeger-query.observability:16686`.
   * @default - Kiali shows no traces
   */
  readonly jaegerUrl?: string;
  /**
   * Jaeger, as people reach it.
   * @default - Kiali has no links to traces
   */
  readonly jaegerPublicUrl?: string;
}

/**
 * The settings of Kiali that belong to the mesh: where its control plane is, and where metrics, dashboards and traces are.
 * They are values for Kiali's Helm chart `kiali-server`, and the `spec` of its `Kiali` resource.
 *
 * @example
 * import { App } from 'cdk8s';
 * import { IstioMesh, KialiSettings, Mesh } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const values = KialiSettings.of(app, { prometheusUrl: 'http://prometheus-operated.monitoring:9090' }).toYaml();
 */
export class KialiSettings {
  /** The settings for the mesh of this scope. */
  static of(scope: IConstruct, addresses: KialiAddresses): KialiSettings {
    const { prometheusUrl, grafanaUrl, grafanaPublicUrl, jaegerUrl, jaegerPublicUrl } = givenOptions(
      'addresses of Kiali',
      addresses,
    );
    return new KialiSettings({
      ...Mesh.of(scope)._provider.telemetry.kialiSettings,
      external_services: {
        prometheus: { url: requireUrl('prometheusUrl', prometheusUrl) },
        grafana: service('grafana', grafanaUrl, grafanaPublicUrl, {}),
        tracing: service('jaeger', jaegerUrl, jaegerPublicUrl, { provider: 'jaeger', use_grpc: false }),
      },
    });
  }

  private constructor(private readonly settings: object) {}

  /** The settings as YAML. */
  toYaml(): string {
    return Yaml.stringify(this.settings);
  }
}

function service(name: string, url: string | undefined, publicUrl: string | undefined, more: object): object {
  return url === undefined
    ? { enabled: false }
    : {
        enabled: true,
        ...more,
        internal_url: requireUrl(`${name}Url`, url),
        ...(publicUrl === undefined ? {} : { external_url: requireUrl(`${name}PublicUrl`, publicUrl) }),
      };
}
