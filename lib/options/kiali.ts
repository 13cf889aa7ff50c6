import type { KialiOfMesh } from '../intent/telemetry';
import { givenOptions } from '../intent/given';
import { requireUrl } from './url';

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

/** The settings of Kiali for a mesh, and for what shows something of it. */
export function kialiValues(mesh: KialiOfMesh, addresses: KialiAddresses): Readonly<Record<string, unknown>> {
  const { prometheusUrl, grafanaUrl, grafanaPublicUrl, jaegerUrl, jaegerPublicUrl } = givenOptions(
    'addresses of Kiali',
    addresses,
  );
  return {
    ...mesh.settings,
    external_services: {
      ...mesh.externalServices,
      prometheus: { url: requireUrl('prometheusUrl', prometheusUrl) },
      grafana: service('grafana', grafanaUrl, grafanaPublicUrl, {}),
      tracing: service('jaeger', jaegerUrl, jaegerPublicUrl, { provider: 'jaeger', use_grpc: false }),
    },
  };
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
