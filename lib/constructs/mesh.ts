import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { Code, MeshError, describeProblem, quoted } from '../errors';
import { Environment } from '../intent/environment';
import { givenMade, givenShape } from '../intent/given';
import type { MeshIntent } from '../intent/mesh';
import { requirePrevious } from '../manifests/previous';
import { recordProvenance } from '../synthesis/provenance';
import type { IntentPart, MeshProvider, Provider } from '../providers/provider';
import { Registry } from '../synthesis/registry';
import { PreviousOutput } from '../synthesis/stage-checks';
import type { Synthesis } from '../synthesis/synthesize';
import { synthesize } from '../synthesis/synthesize';

import type { OutsideCall } from '../synthesis/outside-calls';
import { emitMigrationObjects } from './migration-objects';

const ID = 'cdk8s-mesh';

/** What holds for the whole app, whatever the mesh. */
export interface MeshOptions {
  /**
   * What the cluster is for. In production, faults are refused unless they are named.
   * @default Environment.PRODUCTION
   */
  readonly environment?: Environment;
  /**
   * The folder of the manifests that run, relative to the working directory, one for the whole app: what `cdk8s synth` wrote at the
   * last commit, copied to where it is not emptied. An empty folder stands for a first commit. With it, a synth fails where a
   * release plan, a migration or an upgrade jumps, and where a version is removed to which those manifests still route.
   * @default - synths are compared with nothing, and a warning says so where there is a plan, a migration or an upgrade
   */
  readonly previous?: string;
}

/**
 * The mesh of an app: chosen once, known to everything below.
 *
 * @example
 * import { App } from 'cdk8s';
 * import { IstioMesh, Mesh } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3', trustDomain: 'cluster.local' }));
 */
export class Mesh extends Construct {
  /** Chooses the mesh for everything below `scope`. Fails where one was chosen before. */
  static use(scope: IConstruct, mesh: MeshProvider, options: MeshOptions = {}): Mesh {
    const other = Mesh.find(scope) ?? scope.node.findAll().find((construct) => construct instanceof Mesh);
    if (other !== undefined) {
      throw new MeshError(
        Code.MESH_TWICE,
        `\`${scope.node.path || 'the app'}\` has a mesh already, at \`${other.node.scope?.node.path || 'the app'}\``,
        'call `Mesh.use` once',
      );
    }
    givenShape('options of a mesh', options, { environment: 'text?', previous: 'text?' });
    return new Mesh(scope, givenMade('the mesh', mesh, '_provider', 'an `IstioMesh`')._provider(), options);
  }

  /** The mesh that was chosen for this scope. */
  static of(scope: IConstruct): Mesh {
    const mesh = Mesh.find(scope);
    if (mesh === undefined) {
      throw new MeshError(
        Code.NO_MESH,
        `no mesh in scope of \`${scope.node.path}\``,
        'call `Mesh.use(app, new IstioMesh({ … }))` before',
      );
    }
    return mesh;
  }

  private static find(scope: IConstruct): Mesh | undefined {
    return [...scope.node.scopes]
      .reverse()
      .map((construct) => construct.node.tryFindChild(ID))
      .find((child): child is Mesh => child instanceof Mesh);
  }

  /**
   * @internal
   */
  readonly _provider: Provider;
  /**
   * @internal
   */
  readonly _registry = new Registry();
  /**
   * @internal
   */
  readonly _environment: Environment;
  private readonly previous: PreviousOutput | undefined;
  private synthesis: Synthesis | undefined;
  /** Size of the registry at that synthesis. */
  private declared = 0;
  private readonly printed = new Set<string>();

  private constructor(scope: IConstruct, provider: Provider, options: MeshOptions) {
    super(scope, ID);
    this._provider = provider;
    this._environment = requireEnvironment(options.environment ?? Environment.PRODUCTION);
    if (options.previous !== undefined) {
      const { root } = this.node;
      const previous = requirePrevious(options.previous, root instanceof App ? root.outdir : undefined);
      this.previous = new PreviousOutput(previous);
    }
    this.noteUpgrade();
    // cdk8s validates the whole app from its root down before it resolves anything: the one moment before a synth.
    this.node.root.node.addValidation({ validate: () => this.prepare() });
  }

  /** Things that are allowed but deserve a look, found so far; they are also printed at synth. */
  warnings(): string[] {
    return [...this._registry.warnings, ...(this.synthesis?.warnings ?? [])].sort();
  }

  /**
   * Everything that was declared, as it stood when the synth began.
   * @internal
   */
  _intent(): MeshIntent {
    const current = this.declared === this._registry.size ? this.synthesis : undefined;
    const { intent, problems } = current ?? this.synthesize();
    const [problem] = problems;
    if (problem !== undefined) {
      throw new MeshError(problem.code, problem.message, problem.fix);
    }
    return intent;
  }

  /**
   * The intent as it stands now, for questions outside of a synth.
   * @internal
   */
  _currentIntent(): MeshIntent {
    this.synthesis = undefined;
    return this._intent();
  }

  /**
   * Calls that are declared and come from outside the mesh, as things stand now.
   * @internal
   */
  _outsideCalls(): readonly OutsideCall[] {
    return this.synthesize().outside;
  }

  /**
   * Whether synths are compared with what ran before.
   * @internal
   */
  get _comparesStages(): boolean {
    return this.previous !== undefined;
  }

  /**
   * Refuses a part of the intent that the mesh cannot express.
   * @internal
   */
  _require(part: IntentPart): void {
    const [first] = this._provider.unsupported(part);
    if (first !== undefined) {
      throw new MeshError(
        Code.UNSUPPORTED,
        `${this._provider.name} cannot express ${first.feature}: ${first.reason}`,
        first.instead,
      );
    }
  }

  /** Says what to look at before the next stage of an upgrade. */
  private noteUpgrade(): void {
    const { upgrading } = this._provider;
    if (upgrading === undefined) return;
    this._registry.warnings.add(upgrading);
    if (!this._comparesStages) {
      this._registry.warnings.add(
        'the upgrade of the mesh is compared with nothing that ran before: give `previous` to `Mesh.use`, or run `cdk8s-mesh stage`',
      );
    }
  }

  private prepare(): string[] {
    const { problems } = this.synthesize();
    for (const warning of this.warnings().filter((text) => !this.printed.has(text))) {
      this.printed.add(warning);
      process.stderr.write(`warning: ${warning}\n`);
    }
    if (problems.length === 0) recordProvenance(this.node.root);
    // The objects of the tree are complete only where nothing else is wrong.
    const staged = problems.length > 0 ? [] : (this.previous?.problems(this.node.root, this._provider) ?? []);
    return [...problems, ...staged].map(describeProblem);
  }

  private synthesize(): Synthesis {
    emitMigrationObjects(this);
    this.synthesis = synthesize(this.node.root, this._registry, this._provider);
    this.declared = this._registry.size;
    return this.synthesis;
  }
}

/** Whoever writes JavaScript and misspells it must not leave production by that. */
function requireEnvironment(environment: Environment): Environment {
  const known = Object.values(Environment);
  if (known.includes(environment)) {
    return environment;
  }
  throw new MeshError(
    Code.MESH_OPTION,
    `environment \`${environment}\` is none, there are ${quoted(known)}`,
    'use `Environment.PRODUCTION` or `Environment.OTHER`',
  );
}
