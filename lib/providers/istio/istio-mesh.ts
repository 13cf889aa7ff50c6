import type { Provider } from '../provider';
import { MeshProvider } from '../provider';
import { IstioProvider } from './istio';
import type { IstioMeshProps } from './istio-mesh-props';
import { istioSettings } from './read-settings';

/**
 * Istio with sidecars.
 *
 * @example
 * import { App } from 'cdk8s';
 * import { IstioMesh, Mesh } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({
 *   version: '1.30.3',
 *   revisionTag: 'stable',
 *   ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
 * }));
 */
export class IstioMesh extends MeshProvider {
  private readonly provider: Provider;

  constructor(props: IstioMeshProps) {
    super();
    this.provider = new IstioProvider(istioSettings(props));
  }

  /**
   * @internal
   */
  _provider(): Provider {
    return this.provider;
  }
}
