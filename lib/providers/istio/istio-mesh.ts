import { givenMade } from '../../intent/given';
import type { Provider } from '../provider';
import { MeshProvider } from '../provider';
import { IstioProvider } from './istio';
import type { IstioMeshProps } from './istio-mesh-props';
import { istioSettings } from './read-settings';

/** Something that says which Istio is installed. */
export interface IIstioInstall {
  /** What it says, as props of `IstioMesh`. */
  readonly meshProps: IstioMeshProps;
}

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
  /** The Istio that this app installs, or another one that says what it is. */
  static fromInstall(install: IIstioInstall): IstioMesh {
    return new IstioMesh(givenMade('the install', install, 'meshProps', 'an `IstioInstall`').meshProps);
  }

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
