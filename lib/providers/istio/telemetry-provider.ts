import type { TelemetryIntent, TelemetryTarget } from '../../intent/telemetry';
import type { ObjectPlan, TelemetryProvider } from '../provider';
import { serviceMetrics } from './metrics';
import { scrapeObjects } from './scrape';
import type { IstioSettings, ProviderKind } from './settings';
import { telemetrySpec } from './telemetry';

/** What Istio tells about calls. */
export function istioTelemetry(settings: IstioSettings): TelemetryProvider {
  const named = (wanted: ProviderKind) =>
    settings.providers.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  return {
    providers: { tracing: named('tracing'), accessLog: named('accessLog') },
    monitoringKnown: settings.monitoringNamespace !== undefined,
    metrics: (service, mesh) => serviceMetrics(settings, service, mesh),
    // Kiali groups pods by these labels, which every workload of a service carries.
    kialiSettings: {
      settings: {
        istio_namespace: settings.rootNamespace,
        istio_labels: { app_label_name: 'app', version_label_name: 'version' },
      },
      // Newer ones ask for it here, and look where they are themselves otherwise.
      externalServices: { istio: { root_namespace: settings.rootNamespace } },
    },
    telemetryObjects: (target, telemetry) => [telemetryPlan(settings, target, telemetry)],
    scrapeObjects: (scrape) => scrapeObjects(settings, scrape),
  };
}

function telemetryPlan(settings: IstioSettings, target: TelemetryTarget, telemetry: TelemetryIntent): ObjectPlan {
  const kind = 'Telemetry';
  const plan = { id: kind, apiVersion: 'telemetry.istio.io/v1', kind };
  switch (target.kind) {
    case 'mesh':
      return {
        ...plan,
        name: 'mesh-default',
        namespace: settings.rootNamespace,
        spec: () => telemetrySpec(telemetry, undefined),
      };
    case 'namespace':
      return {
        ...plan,
        name: 'default',
        namespace: target.namespace,
        spec: () => telemetrySpec(telemetry, undefined),
      };
    case 'service': {
      const { name, namespace } = target.service;
      return {
        ...plan,
        name,
        namespace,
        spec: (mesh) => telemetrySpec(telemetry, mesh.service(target.service).podLabels),
      };
    }
  }
}
