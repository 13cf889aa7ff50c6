import { scrapeObjects } from '../../../lib/providers/istio/scrape';
import { istioSettings, meshOf } from '../../support/istio-intent';

const GATEWAY = { namespace: 'istio-ingress', serviceAccount: 'edge', podLabels: { istio: 'ingress' } };
const settings = istioSettings({ ingressGateway: GATEWAY, rootNamespace: 'mesh-root' });

function specOf(applicationMetrics: boolean): unknown {
  const target = { kind: 'namespace', namespace: 'shop', applicationMetrics } as const;
  return scrapeObjects(settings, { target, labels: {} })[0]?.spec?.(meshOf([]));
}

test('proxies are asked on the port that has a name in every pod', () => {
  expect(specOf(false)).toEqual({
    selector: {},
    podMetricsEndpoints: [{ port: 'http-envoy-prom', path: '/stats/prometheus' }],
  });
});

test('with applications, the same pods are asked on the port of both, also by IPv6 addresses', () => {
  const { podMetricsEndpoints } = specOf(true) as {
    readonly podMetricsEndpoints: readonly { readonly relabelings: readonly Record<string, string>[] }[];
  };
  const { regex = '', replacement = '' } = podMetricsEndpoints[0]?.relabelings[0] ?? {};
  const address = (text: string) => text.replace(new RegExp(`^(?:${regex})$`), replacement);
  expect(address('10.0.0.1:15090')).toBe('10.0.0.1:15020');
  expect(address('[fd00::1]:15090')).toBe('[fd00::1]:15020');
});

test('each target has its own place and name', () => {
  const place = (target: Parameters<typeof scrapeObjects>[1]['target']) =>
    scrapeObjects(settings, { target, labels: { release: 'prometheus' }, intervalMillis: 1500 }).map(
      ({ kind, namespace, name, labels }) => ({ kind, namespace, name, labels }),
    );
  const labels = { release: 'prometheus' };
  expect(place({ kind: 'namespace', namespace: 'shop', applicationMetrics: false })).toEqual([
    { kind: 'PodMonitor', namespace: 'shop', name: 'mesh-proxies', labels },
  ]);
  expect(place({ kind: 'ingressGateway' })).toEqual([
    { kind: 'PodMonitor', namespace: 'istio-ingress', name: 'mesh-ingress-gateway', labels },
  ]);
  expect(place({ kind: 'controlPlane' })).toEqual([
    { kind: 'ServiceMonitor', namespace: 'mesh-root', name: 'mesh-control-plane', labels },
  ]);
});
