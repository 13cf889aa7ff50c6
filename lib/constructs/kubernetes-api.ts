import type { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { CallerRef } from '../intent/peer';
import { describeRef } from '../intent/peer';
import { requireKubernetesApi } from './grant';
import type { AllowOptions, ICallee } from './allow';
import type { IPeer } from '../intent/peer';
import { Mesh } from './mesh';

/**
 * The API server of the cluster, from `Peer.kubernetesApi()`.
 *
 * @example
 * import { Peer } from 'cdk8s-mesh';
 * const api = Peer.kubernetesApi();
 */
export class KubernetesApi implements IPeer, ICallee {
  /**
   * @internal
   */
  static _peer(): KubernetesApi {
    return new KubernetesApi();
  }

  private constructor() {}

  /**
   * @internal
   */
  _caller(): CallerRef {
    return { kind: 'kubernetesApi' };
  }

  /**
   * @internal
   */
  _allowFrom(caller: IPeer, scope: Construct, options: AllowOptions): void {
    const mesh = Mesh.of(scope);
    const ref = caller._caller();
    if (options.ports !== undefined || options.operations !== undefined) {
      throw new MeshError(
        Code.GRANT,
        `a grant from ${describeRef(ref)} to the Kubernetes API names ports or operations, which the API server authorizes by itself`,
        'leave them out, and use RBAC roles of Kubernetes',
      );
    }
    requireKubernetesApi(mesh, scope.node.path);
    mesh._registry.grants.push({ caller: ref, callee: { kind: 'kubernetesApi' }, operations: [] });
  }
}
