import { givenOptions } from '../intent/given';
import type { Construct } from 'constructs';
import type { ResilienceOptions } from '../options/resilience';
import { NamespaceBase } from './namespace';

/** A namespace to be meshed. */
export interface MeshedNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /**
   * Protections of services and external hosts in it that choose none themselves.
   * @default - the mesh's
   */
  readonly resilience?: ResilienceOptions;
  /**
   * Set by `fromExisting`.
   * @internal
   */
  readonly _existing?: boolean;
}

/** A namespace that exists. */
export interface ExistingMeshedNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /**
   * Protections of services and external hosts in it that choose none themselves.
   * @default - the mesh's
   */
  readonly resilience?: ResilienceOptions;
}

/**
 * A namespace that joins the mesh before it is locked down: plain text is still accepted and nothing is refused. Grants
 * can be declared, and open what other namespaces close; here they take effect when this becomes a `ZeroTrustNamespace`.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshedNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'legacy', { namespace: 'legacy' });
 * const legacy = MeshedNamespace.fromExisting(chart, 'Namespace', { name: 'legacy' });
 */
export class MeshedNamespace extends NamespaceBase {
  /**
   * A namespace that exists. A Namespace object in the same app is labelled; otherwise the label to add is printed at
   * synth.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingMeshedNamespaceProps): MeshedNamespace {
    return new MeshedNamespace(scope, id, { ...props, _existing: true });
  }

  constructor(scope: Construct, id: string, props: MeshedNamespaceProps) {
    const { name, resilience, _existing } = givenOptions('a namespace', props);
    super(scope, id, { name, locked: false, existing: _existing ?? false, labels: {}, resilience });
  }
}
