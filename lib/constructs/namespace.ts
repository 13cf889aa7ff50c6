import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenText } from '../intent/given';
import { requireDnsLabel } from '../intent/names';
import type { ResilienceLevel } from '../intent/resilience';
import type { DryRun } from '../intent/restriction';
import type { ResilienceOptions } from '../options/resilience';
import { sharedLevel } from '../options/resilience';
import { emit } from './emit';
import { Mesh } from './mesh';
import { announceDryRun } from './rehearse';

/** How the parts of a namespace are made. */
export interface NamespaceParts {
  readonly name: string;
  readonly locked: boolean;
  readonly existing: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly resilience: ResilienceOptions | undefined;
  readonly dryRun?: DryRun;
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
  /**
   * Protections of what is declared in it and chooses none itself.
   * @internal
   */
  readonly _resilience: ResilienceLevel;
  /**
   * Whether what would refuse calls only counts them.
   * @internal
   */
  readonly _dryRun?: DryRun;
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
  /**
   * @internal
   */
  readonly _resilience: ResilienceLevel;
  /**
   * @internal
   */
  readonly _dryRun?: DryRun;

  constructor(scope: Construct, id: string, parts: NamespaceParts) {
    super(scope, id);
    const { locked, existing, labels, dryRun } = parts;
    const name = requireDnsLabel('namespace', givenText('`name` of a namespace', parts.name));
    const resilience = sharedLevel(`namespace \`${name}\``, parts.resilience ?? {});
    const mesh = Mesh.of(this);
    const twin = mesh._registry.namespaces.get(name);
    if (twin !== undefined) {
      throw new MeshError(
        Code.NAMESPACE_TWICE,
        `namespace \`${name}\` is declared at \`${twin.construct.node.path}\` and again at \`${this.node.path}\``,
        'declare it once',
      );
    }
    mesh._require({ kind: 'namespace', namespace: { name, locked, dryRun: dryRun !== undefined } });
    this.namespaceName = name;
    this._locked = locked;
    this._resilience = resilience;
    if (dryRun !== undefined) {
      this._dryRun = dryRun;
      announceDryRun(mesh, `namespace \`${name}\``, dryRun);
    }
    mesh._registry.namespaces.set(name, {
      construct: this,
      name,
      locked,
      existing,
      resilience,
      ...(dryRun === undefined ? {} : { dryRun }),
    });
    if (!existing) {
      emit(this, mesh, {
        id: 'Namespace',
        apiVersion: 'v1',
        kind: 'Namespace',
        name,
        labels: { ...labels, ...mesh._provider.enrolment(name).labels },
      });
    }
    mesh._provider
      .namespaceObjects({ name, locked, dryRun: dryRun !== undefined })
      .forEach((plan) => emit(this, mesh, plan));
  }
}
