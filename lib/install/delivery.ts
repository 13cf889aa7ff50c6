import type { ArgoCdOptions } from './argo-cd';
import { applications } from './argo-cd';
import type { FluxOptions } from './flux';
import { fluxObjects } from './flux';
import type { HelmInstall } from './helm-release';

/** An object by which something is told what to install. */
export interface DeliveredObject {
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/**
 * What installs charts in a cluster. It is chosen by name, since each needs something else to be there already.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioInstall, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery: Delivery.flux({ interval: '10m' }),
 * });
 */
export class Delivery {
  /**
   * Argo CD: an `Application` for each chart, in sync waves. Argo CD waits between waves for Applications only where its
   * configuration has a health check for them: https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
   */
  static argoCd(options: ArgoCdOptions = {}): Delivery {
    const { objects, cluster } = applications(options);
    return new Delivery('argoCd', cluster, objects);
  }

  /** Flux: a `HelmRepository`, and a `HelmRelease` for each chart, which waits for those that it needs. */
  static flux(options: FluxOptions = {}): Delivery {
    return new Delivery('flux', 'this cluster', fluxObjects(options));
  }

  private constructor(
    /**
     * @internal
     */
    readonly _name: string,
    /**
     * The cluster that it installs in, as far as two can be told apart.
     * @internal
     */
    readonly _cluster: string,
    /**
     * @internal
     */
    readonly _objects: (install: HelmInstall) => readonly DeliveredObject[],
  ) {}
}
