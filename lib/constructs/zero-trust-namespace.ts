import type { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import type { Enforcement } from '../options/enforcement';
import type { ResilienceOptions } from '../options/resilience';
import { Mesh } from './mesh';
import { NamespaceBase } from './namespace';

/** Levels of the Pod Security Standards that a namespace enforces. */
export enum PodSecurity {
  /** No restriction. */
  PRIVILEGED = 'privileged',
  /** No known privilege escalations. */
  BASELINE = 'baseline',
  /** Hardened pods only. */
  RESTRICTED = 'restricted',
}

/** A new namespace. */
export interface ZeroTrustNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /**
   * Pod Security level that the namespace enforces. `BASELINE` and `RESTRICTED` need the mesh's CNI plugin, since they
   * refuse the privileged init container that is injected without it.
   * @default - none is set
   */
  readonly podSecurity?: PodSecurity;
  /**
   * Protections of services and external hosts in it that choose none themselves.
   * @default - the mesh's
   */
  readonly resilience?: ResilienceOptions;
  /**
   * Whether calls to its pods are refused, for all of its services that do not say it themselves.
   * @default Enforcement.enforced()
   */
  readonly enforcement?: Enforcement;
  /**
   * Set by `fromExisting`.
   * @internal
   */
  readonly _existing?: boolean;
}

/** A namespace that exists. */
export interface ExistingZeroTrustNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /**
   * Whether to refuse, from the moment these manifests are applied, every call that is plain text or not declared. In a
   * namespace that exists there may be callers that nobody has declared: `MeshedNamespace` keeps them working.
   */
  readonly enforceNow: boolean;
  /**
   * Protections of services and external hosts in it that choose none themselves.
   * @default - the mesh's
   */
  readonly resilience?: ResilienceOptions;
  /**
   * Whether calls to its pods are refused, for all of its services that do not say it themselves. Plain text always is.
   * @default Enforcement.enforced()
   */
  readonly enforcement?: Enforcement;
}

/**
 * A namespace in which nothing is allowed that was not declared: mutual TLS only, default deny for calls, for names that
 * proxies know, and for the network below the mesh.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 */
export class ZeroTrustNamespace extends NamespaceBase {
  /**
   * The policies of a namespace that exists, without the Namespace itself. A Namespace object in the same app is
   * labelled; otherwise the label to add is printed at synth.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingZeroTrustNamespaceProps): ZeroTrustNamespace {
    if (!givenOptions('a namespace', props).enforceNow) {
      throw new MeshError(
        Code.NAMESPACE_ENFORCE,
        `namespace \`${props.name}\` exists, and zero trust would cut off every caller in it that is not in the mesh or not declared`,
        'set `enforceNow: true` when all of them are declared, or begin with `MeshedNamespace.fromExisting`',
      );
    }
    const { name, resilience, enforcement } = props;
    return new ZeroTrustNamespace(scope, id, {
      name,
      ...(resilience === undefined ? {} : { resilience }),
      ...(enforcement === undefined ? {} : { enforcement }),
      _existing: true,
    });
  }

  constructor(scope: Construct, id: string, props: ZeroTrustNamespaceProps) {
    const { name, podSecurity, resilience, enforcement, _existing } = givenOptions('a namespace', props);
    if (
      podSecurity !== undefined &&
      podSecurity !== PodSecurity.PRIVILEGED &&
      !Mesh.of(scope)._provider.restrictsPods
    ) {
      throw new MeshError(
        Code.POD_SECURITY,
        `namespace \`${name}\` enforces Pod Security \`${podSecurity}\`, which refuses the privileged init container that is injected into its pods`,
        'install the CNI plugin and say `cni: true` to the mesh, or choose `PodSecurity.PRIVILEGED`',
      );
    }
    super(scope, id, {
      name,
      locked: true,
      existing: _existing ?? false,
      ...(enforcement?._dryRun === undefined ? {} : { dryRun: enforcement._dryRun }),
      labels: podSecurity === undefined ? {} : { 'pod-security.kubernetes.io/enforce': podSecurity },
      resilience,
    });
  }
}
