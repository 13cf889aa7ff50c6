import { Code, MeshError } from '../errors';
import { requireDnsLabel, requireLabels } from '../intent/names';
import type { CallerRef } from '../intent/peer';
import type { IPeer } from '../intent/peer';
import { KubernetesApi } from './kubernetes-api';

/** Options of `Peer.serviceAccount`. */
export interface ServiceAccountPeerOptions {
  /**
   * Labels of the pods that run under the account.
   * @default - NetworkPolicies admit the whole namespace, with a warning; the mesh itself admits only the account
   */
  readonly podLabels?: { readonly [key: string]: string };
}

/**
 * Callers, and the Kubernetes API, that this app does not describe as services.
 *
 * @example
 * import { Peer } from 'cdk8s-mesh';
 * const runbook = Peer.serviceAccount('ops', 'runbook', { podLabels: { app: 'runbook' } });
 */
export class Peer implements IPeer {
  /** Pods that run under one service account. */
  static serviceAccount(namespace: string, serviceAccount: string, options: ServiceAccountPeerOptions = {}): Peer {
    if (serviceAccount === 'default') {
      throw new MeshError(
        Code.SERVICE_ACCOUNT_DEFAULT,
        `service account \`default\` of \`${namespace}\` is every pod without an account of its own`,
        'give the caller a service account, or say `Peer.namespace` if everybody there is meant',
      );
    }
    const { podLabels } = options;
    return new Peer({
      kind: 'serviceAccount',
      namespace: requireDnsLabel('namespace', namespace),
      serviceAccount: requireDnsLabel('serviceAccount', serviceAccount),
      ...(podLabels === undefined ? {} : { podLabels: requireLabels('podLabels', podLabels) }),
    });
  }

  /** Every pod of a namespace that is in the mesh. */
  static namespace(namespace: string): Peer {
    return new Peer({ kind: 'namespace', namespace: requireDnsLabel('namespace', namespace) });
  }

  /** The mesh's ingress gateway, whose identity the mesh is given by `Mesh.use`. */
  static ingressGateway(): Peer {
    return new Peer({ kind: 'ingressGateway' });
  }

  /**
   * The API server of the cluster, as a caller (webhooks that it calls) and as a callee (workloads that call it).
   *
   * The API server has no identity of the mesh. Allowing it to call opens the named ports to plain text from any peer
   * that the NetworkPolicy admits, which are the `cidrs` of `kubernetesApi`.
   */
  static kubernetesApi(): KubernetesApi {
    return KubernetesApi._peer();
  }

  private readonly caller: CallerRef;

  private constructor(caller: CallerRef) {
    this.caller = caller;
  }

  /**
   * @internal
   */
  _caller(): CallerRef {
    return this.caller;
  }
}
