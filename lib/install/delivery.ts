import type { ArgoCdOptions } from './argo-cd';
import { applications } from './argo-cd';
import type { Deliver } from './deliver';
import { delivering } from './deliver';
import type { FluxOptions } from './flux';
import { fluxObjects } from './flux';

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
    return new Delivery(cluster, delivering(objects));
  }

  /** Flux: a `HelmRepository`, and a `HelmRelease` for each chart, which waits for those that it needs. */
  static flux(options: FluxOptions = {}): Delivery {
    return new Delivery('this cluster', delivering(fluxObjects(options)));
  }

  private constructor(
    /**
     * The cluster that it installs in, as far as two can be told apart.
     * @internal
     */
    readonly _cluster: string,
    /**
     * @internal
     */
    readonly _deliver: Deliver,
  ) {}
}
