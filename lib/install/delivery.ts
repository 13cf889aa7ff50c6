import { givenOptions } from '../intent/given';
import type { ArgoCdOptions } from './argo-cd';
import { applications } from './argo-cd';
import type { Deliver } from './deliver';
import { delivering } from './deliver';
import type { FluxOptions } from './flux';
import { fluxObjects } from './flux';
import type { DeliverManifests } from './git-manifests';
import { onlyCharts } from './git-manifests';
import type { IstioctlOptions } from './istioctl';
import { istioctlInput } from './istioctl';
import { istioctlGatewayAccount } from './istio/istio-operator';
import type { RenderedOptions } from './rendered';
import { renderedManifests } from './rendered';
import type { SailOptions } from './sail';
import { sailResources } from './sail';

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
    const { objects, manifests, cluster } = applications(givenOptions('options of `Delivery.argoCd`', options));
    return new Delivery(cluster, delivering(objects), sameName, delivering(manifests));
  }

  /** Flux: a `HelmRepository`, and a `HelmRelease` for each chart, which waits for those that it needs. */
  static flux(options: FluxOptions = {}): Delivery {
    const { objects, manifests } = fluxObjects(givenOptions('options of `Delivery.flux`', options));
    return new Delivery('this cluster', delivering(objects), sameName, delivering(manifests));
  }

  /**
   * `istioctl install -f`: a file `istio.istioctl` in the output folder, with the name of the revision where there is one. It is
   * no manifest, and no tool that applies the folder applies it. It needs a `MeshApp`.
   */
  static istioctl(options: IstioctlOptions = {}): Delivery {
    const { deliver, cluster } = istioctlInput(options);
    return new Delivery(cluster, deliver, istioctlGatewayAccount, onlyCharts, 'istioctl');
  }

  /**
   * The manifests of the charts, as `helm template` renders them, for whatever applies manifests. It needs the program `helm`,
   * and, unless the charts are on disk, their repository.
   */
  static rendered(options: RenderedOptions): Delivery {
    const { deliver, manifests, cluster } = renderedManifests(options);
    return new Delivery(cluster, deliver, sameName, manifests);
  }

  /**
   * The Sail operator, which has to be there: an `Istio`, and an `IstioCNI` where the CNI plugin is installed. It installs no
   * gateways.
   */
  static sail(options: SailOptions = {}): Delivery {
    return new Delivery('this cluster', sailResources(options), sameName, onlyCharts, 'the Sail operator');
  }

  /**
   * A delivery of another door.
   * @internal
   */
  static _of(cluster: string, deliver: Deliver): Delivery {
    return new Delivery(cluster, deliver);
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
    /**
     * The service account that a gateway of this name gets.
     * @internal
     */
    readonly _gatewayAccount: (name: string) => string = sameName,
    /**
     * @internal
     */
    readonly _deliverManifests: DeliverManifests = onlyCharts,
    /**
     * The tool, where it brings the charts of the mesh itself and installs no others.
     * @internal
     */
    readonly _onlyMesh?: string,
  ) {}
}

function sameName(name: string): string {
  return name;
}
