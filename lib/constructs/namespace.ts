import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { requireDnsLabel } from '../intent/names';
import { emit } from './emit';
import { Mesh } from './mesh';

/** How the parts of a namespace are made. */
export interface NamespaceParts {
  readonly name: string;
  readonly locked: boolean;
  readonly existing: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** A namespace whose workloads are in the mesh: a `ZeroTrustNamespace` or a `MeshedNamespace`. */
export interface IMeshNamespace {
  /** Name of the namespace. */
  readonly namespaceName: string;
  /**
   * Whether plain text and undeclared calls are refused.
   * @internal
   */
  readonly _locked: boolean;
}

/**
 * What both kinds of namespaces do: register, join the mesh, and emit the objects of the mesh.
 * @internal
 */
export abstract class NamespaceBase extends Construct implements IMeshNamespace {
  /** Name of the namespace. */
  readonly namespaceName: string;
  /**
   * @internal
   */
  readonly _locked: boolean;

  constructor(scope: Construct, id: string, parts: NamespaceParts) {
    super(scope, id);
    const { locked, existing, labels } = parts;
    const name = requireDnsLabel('namespace', parts.name);
    const mesh = Mesh.of(this);
    const twin = mesh._registry.namespaces.get(name);
    if (twin !== undefined) {
      throw new MeshError(
        Code.NAMESPACE_TWICE,
        `namespace \`${name}\` is declared at \`${twin.construct.node.path}\` and again at \`${this.node.path}\``,
        'declare it once',
      );
    }
    mesh._require({ kind: 'namespace', namespace: { name, locked } });
    this.namespaceName = name;
    this._locked = locked;
    mesh._registry.namespaces.set(name, { construct: this, name, locked, existing });
    if (!existing) {
      emit(this, mesh, {
        id: 'Namespace',
        apiVersion: 'v1',
        kind: 'Namespace',
        name,
        labels: { ...labels, ...mesh._provider.enrolment().labels },
      });
    }
    mesh._provider.namespaceObjects({ name, locked }).forEach((plan) => emit(this, mesh, plan));
  }
}
