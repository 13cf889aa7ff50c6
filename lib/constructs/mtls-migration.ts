import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { quoted } from '../errors';
import { MigrationStage, describeStage, reaches, stageAfter } from '../intent/migration';
import { describeRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import { callingNamespaces, callsOf } from '../synthesis/migration';
import { namespaceTelemetry } from '../synthesis/telemetry-checks';
import { emit } from './emit';
import { Mesh } from './mesh';
import { migrationIntent, requireAlone } from './migration-declaration';
import type { MigrationCheck, MtlsMigrationProps, OutsideCaller } from './mtls-migration-props';
import { watchedServices } from './watched-services';

/** How far back to look for calls in plain text: long enough for what happens once a day. */
const RANGE = '1d';

/**
 * Moves namespaces from no mesh to mutual TLS only, in stages that are changes in Git. Each change moves one stage; what
 * comes before it is read from `previous` of `Mesh.use`, and a jump is an error.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshedNamespace, MigrationStage, MtlsMigration } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = MeshedNamespace.fromExisting(chart, 'Namespace', { name: 'shop' });
 * new MtlsMigration(chart, 'Migration', { namespaces: [shop], stage: MigrationStage.ENROLLED });
 */
export class MtlsMigration extends Construct {
  /** How far the namespaces have come. */
  readonly stage: MigrationStage;

  constructor(scope: Construct, id: string, props: MtlsMigrationProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    const intent = migrationIntent(mesh, this.node.path, props);
    this.stage = intent.stage;
    requireAlone(mesh, this.node.path, intent);
    mesh._registry.migrations.push({ construct: this, intent });
    this.note(mesh, props);
    if (reaches(intent.stage, MigrationStage.OBSERVED) && (props.logPlaintext ?? true)) {
      for (const namespace of intent.namespaces) {
        mesh._registry.addTelemetry(namespaceTelemetry(namespace), this);
        mesh._provider.migration.observationObjects(namespace).forEach((plan) => emit(this, mesh, plan));
      }
    }
    if (intent.stage === MigrationStage.STRICT_MESH) {
      mesh._provider.migration.meshObjects().forEach((plan) => emit(this, mesh, plan));
    }
  }

  /** What to look at before the next stage. Nothing at the last one. */
  nextChecks(): MigrationCheck[] {
    const mesh = Mesh.of(this);
    const next = stageAfter(this.stage);
    if (next === undefined) {
      return [];
    }
    const intent = mesh._currentIntent();
    const { migration } = mesh._provider;
    const namespaces = callingNamespaces(this.intent, intent);
    const rolled: MigrationCheck = {
      what: `every pod of ${quoted(namespaces)} has its proxy; restart those that are printed`,
      command: migration.podsWithoutProxy(namespaces),
    };
    if (this.stage === MigrationStage.ENROLLED) {
      return [rolled];
    }
    const services = this.intent.namespaces.flatMap((namespace) => watchedServices(mesh, intent, namespace));
    const calls = services
      .filter(({ service }) => service.ports.length > 0)
      .map(({ service, metrics }) => ({
        what: `nobody calls \`${serviceKey(service.ref)}\` in plain text, but for what is excepted`,
        query: metrics.plaintext(RANGE),
      }));
    const whole = {
      what: 'nobody calls any pod of the mesh in plain text, but for what is excepted',
      query: migration.plaintextOfMesh(RANGE),
    };
    return [rolled, ...calls, ...(next === MigrationStage.STRICT_MESH ? [whole] : [])];
  }

  /** Everybody who may call a service of the namespaces and is outside the mesh, as far as manifests tell. */
  outsideCallers(): OutsideCaller[] {
    return callsOf(this.intent, Mesh.of(this)._outsideCalls()).map(({ caller, callee, refusedLater, reason }) => ({
      caller: describeRef(caller),
      service: serviceKey(callee),
      ports: refusedLater.map(({ name }) => name),
      reason,
    }));
  }

  private get intent() {
    const { migrations } = Mesh.of(this)._registry;
    const own = migrations.find(({ construct }) => construct === this);
    if (own === undefined) throw new Error(`${this.node.path} is not registered`);
    return own.intent;
  }

  /** Writes the stage into the objects of the namespaces. */
  private note(mesh: Mesh, { namespaces }: MtlsMigrationProps): void {
    for (const namespace of namespaces) {
      for (const { id, annotations } of mesh._provider.migration.namespaceNotes(this.stage)) {
        const object = namespace.node.findChild(id);
        Object.entries(annotations).forEach(
          ([key, value]) => ApiObject.isApiObject(object) && object.metadata.addAnnotation(key, value),
        );
      }
    }
    if (!mesh._comparesStages) {
      mesh._registry.warnings.add(
        `the migration at \`${this.node.path}\` (\`${describeStage(this.stage)}\`) is compared with nothing that ran before: give \`previous\` to \`Mesh.use\`, or run \`cdk8s-mesh stage\``,
      );
    }
  }
}
