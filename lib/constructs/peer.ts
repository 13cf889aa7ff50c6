import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import { isDnsName, requireDnsLabel, requireLabels } from '../intent/names';
import type { CallerRef, IPeer, ServiceAccountRef } from '../intent/peer';
import { requireCidr } from '../options/address';
import { KubernetesApi } from './kubernetes-api';

/** Options of `Peer.serviceAccount`. */
export interface ServiceAccountPeerOptions {
  /**
   * Labels of the pods that run under the account.
   * @default - NetworkPolicies admit the whole namespace, with a warning; the mesh itself admits only the account
   */
  readonly podLabels?: { readonly [key: string]: string };
  /**
   * Trust domain of the other mesh that the account belongs to. An account of that name in this mesh is then not meant.
   * @default - the account is one of this mesh
   */
  readonly trustDomain?: string;
  /**
   * Addresses of its pods, or of the gateway through which they come. Needed, and allowed, only with `trustDomain`: no label
   * selects pods of another cluster.
   * @default - none
   */
  readonly cidrs?: string[];
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
    const { podLabels } = givenOptions('options of a service account', options);
    const foreign = foreignAccount(`${namespace}/${serviceAccount}`, options);
    return new Peer({
      kind: 'serviceAccount',
      namespace: requireDnsLabel('namespace', namespace),
      serviceAccount: requireDnsLabel('serviceAccount', serviceAccount),
      ...(podLabels === undefined ? {} : { podLabels: requireLabels('podLabels', podLabels) }),
      ...(foreign === undefined ? {} : { foreign }),
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

function foreignAccount(
  name: string,
  { podLabels, trustDomain, cidrs }: ServiceAccountPeerOptions,
): ServiceAccountRef['foreign'] {
  if (trustDomain === undefined) {
    if (cidrs === undefined) {
      return undefined;
    }
    throw new MeshError(
      Code.GRANT,
      `service account \`${name}\` has \`cidrs\`, and pods of this mesh are known by labels`,
      'give `podLabels`, or the `trustDomain` of the other mesh',
    );
  }
  if (!isDnsName(trustDomain)) {
    throw new MeshError(Code.NAME, `trustDomain \`${trustDomain}\` is not a DNS name`, 'write it as `cluster.local`');
  }
  if (cidrs === undefined || cidrs.length === 0 || podLabels !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `service account \`${name}\` is one of trust domain \`${trustDomain}\`, whose pods no label selects here`,
      'give the `cidrs` from which they come, and no `podLabels`',
    );
  }
  return { trustDomain, cidrs: [...new Set(cidrs.map((cidr) => requireCidr('cidrs', cidr)))].sort() };
}
