import { Construct } from 'constructs';
import { givenOptions } from '../intent/given';
import type { TelemetryTarget } from '../intent/telemetry';
import type { TelemetryOptions } from '../options/telemetry';
import { telemetryIntent } from '../options/telemetry';
import { namespaceTelemetry } from '../synthesis/telemetry-checks';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { IMeshNamespace } from './namespace';
import { chartNamespace } from './chart-namespace';

/** What the proxies of a namespace tell. */
export interface MeshTelemetryProps extends TelemetryOptions {
  /**
   * The namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * Set by `forWholeMesh`.
   * @internal
   */
  readonly _wholeMesh?: boolean;
}

/**
 * What the proxies of a namespace tell about calls: access logs, traces and the labels of metrics. A service says
 * something else with `observe`.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { AccessLog, IstioMesh, IstioProviderKind, Mesh, MeshTelemetry, Tracing, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({
 *   version: '1.30.3',
 *   providers: [
 *     { name: 'otel', kind: IstioProviderKind.TRACING, service: 'collector', namespace: 'observability', port: 4317 },
 *   ],
 * }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * new MeshTelemetry(chart, 'Telemetry', { accessLog: AccessLog.errors(), tracing: Tracing.sampled(5) });
 */
export class MeshTelemetry extends Construct {
  /**
   * What the proxies of the whole mesh tell, also those of namespaces that this app does not know. It is an object in the
   * root namespace of the mesh, where the mesh takes one such object only.
   */
  static forWholeMesh(scope: Construct, id: string, options: TelemetryOptions): MeshTelemetry {
    return new MeshTelemetry(scope, id, { ...options, _wholeMesh: true });
  }

  constructor(scope: Construct, id: string, props: MeshTelemetryProps) {
    super(scope, id);
    const target: TelemetryTarget = givenOptions('telemetry', props)._wholeMesh
      ? { kind: 'mesh' }
      : { kind: 'namespace', namespace: (props.namespace ?? chartNamespace(this, Mesh.of(this))).namespaceName };
    const what = target.kind === 'namespace' ? namespaceTelemetry(target.namespace) : 'telemetry of the mesh';
    tell(this, target, what, target.kind === 'namespace' ? target.namespace : 'the mesh', props);
  }
}

/** Registers and emits what the proxies of a target tell. */
export function tell(
  construct: Construct,
  target: TelemetryTarget,
  what: string,
  owner: string,
  options: TelemetryOptions,
): void {
  const mesh = Mesh.of(construct);
  const { telemetry } = mesh._provider;
  const intent = telemetryIntent(owner, options, telemetry.providers);
  mesh._registry.addTelemetry(what, construct);
  telemetry.telemetryObjects(target, intent).forEach((plan) => emit(construct, mesh, plan));
}
