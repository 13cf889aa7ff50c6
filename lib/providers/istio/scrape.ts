import type { PodMonitorSpec, ServiceMonitorSpec } from '../../../imports/monitoring.coreos.com';
import type { ScrapeIntent } from '../../intent/telemetry';
import type { ObjectPlan } from '../provider';
import { duration } from './format';
import type { IstioSettings } from './settings';

const MONITORING = 'monitoring.coreos.com/v1';
const PATH = '/stats/prometheus';
/** Name of the port with the proxy's own metrics (15090), in every pod with a proxy. */
const ENVOY_PORT = 'http-envoy-prom';
/** Port with the metrics of the proxy and of the application together, which has no name. */
const MERGED_PORT = 15020;

/** Objects by which the operator of Prometheus finds proxies or the control plane. */
export function scrapeObjects(settings: IstioSettings, scrape: ScrapeIntent): readonly ObjectPlan[] {
  const { target, labels, intervalMillis } = scrape;
  const interval = intervalMillis === undefined ? {} : { interval: duration(intervalMillis) };
  const plan = (kind: string, name: string, namespace: string, spec: object): readonly ObjectPlan[] => [
    { id: kind, apiVersion: MONITORING, kind, name, namespace, labels, spec: () => spec },
  ];
  switch (target.kind) {
    case 'namespace':
      return plan('PodMonitor', 'mesh-proxies', target.namespace, proxies({}, target.applicationMetrics, interval));
    case 'ingressGateway':
      return settings.ingressGateway === undefined
        ? []
        : plan(
            'PodMonitor',
            'mesh-ingress-gateway',
            settings.ingressGateway.namespace,
            proxies(settings.ingressGateway.podLabels, false, interval),
          );
    case 'controlPlane':
      return plan('ServiceMonitor', 'mesh-control-plane', settings.rootNamespace, controlPlane(interval));
  }
}

function proxies(
  podLabels: Readonly<Record<string, string>>,
  applicationMetrics: boolean,
  interval: { readonly interval?: string },
): PodMonitorSpec {
  return {
    selector: Object.keys(podLabels).length === 0 ? {} : { matchLabels: { ...podLabels } },
    podMetricsEndpoints: [
      {
        port: ENVOY_PORT,
        path: PATH,
        ...interval,
        ...(applicationMetrics
          ? {
              relabelings: [
                {
                  action: 'replace',
                  sourceLabels: ['__address__'],
                  regex: '(.+):[0-9]+',
                  replacement: `$1:${MERGED_PORT}`,
                  targetLabel: '__address__',
                },
              ],
            }
          : {}),
      },
    ],
  };
}

function controlPlane(interval: { readonly interval?: string }): ServiceMonitorSpec {
  return { selector: { matchLabels: { istio: 'pilot' } }, endpoints: [{ port: 'http-monitoring', ...interval }] };
}
