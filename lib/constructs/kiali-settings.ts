import { Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KialiAddresses } from '../options/kiali';
import { kialiValues } from '../options/kiali';
import { Mesh } from './mesh';

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
    return new KialiSettings(kialiValues(Mesh.of(scope)._provider.telemetry.kialiSettings, addresses));
  }

  private constructor(private readonly settings: object) {}

  /** The settings as YAML. */
  toYaml(): string {
    return Yaml.stringify(this.settings);
  }
}
