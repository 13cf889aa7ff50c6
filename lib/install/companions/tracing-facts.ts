import { IstioProviderKind } from '../../providers/istio/istio-mesh-props';
import type { MeshCompanionFacts } from './companion-props';
import type { CompanionRelease } from './companion-release';

/** The port of OTLP over gRPC. */
export const OTLP_PORT = 4317;

/** Proxies send spans to the pods of this release, whose Service has its name. */
export function tracingFacts({ name, namespace }: CompanionRelease, app: string): MeshCompanionFacts {
  return {
    provider: {
      name,
      kind: IstioProviderKind.TRACING,
      service: name,
      namespace,
      port: OTLP_PORT,
      podLabels: { 'app.kubernetes.io/name': app, 'app.kubernetes.io/instance': name },
    },
  };
}
