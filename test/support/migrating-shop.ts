import { App, Chart } from 'cdk8s';
import type { MeshedService, MeshOptions, MigrationException, MtlsMigrationProps } from '../../lib';
import {
  IstioMesh,
  Mesh,
  MeshedNamespace,
  MeshedService as Service,
  MtlsMigration,
  Peer,
  Port,
  Workload,
} from '../../lib';
import type { Manifest } from './mesh-app';
import { FULL_MESH, deployment, objects, printed } from './mesh-app';

/** What a migration of `shop` says besides its namespace. */
export type Migration = Omit<MtlsMigrationProps, 'namespaces' | 'strict' | 'exceptions'> & {
  /** Names of services. */
  readonly strict?: readonly string[];
  readonly exceptions?: readonly (Omit<MigrationException, 'service'> & { readonly service: string })[];
};

/**
 * A shop on its way into the mesh: `web` calls `cart`, `cart` calls `payment`, whose port `hook` the Kubernetes API calls, and
 * `billing` has a second port. Without a migration, its namespace is in the mesh and nothing more.
 */
export class MigratingShop {
  readonly app: App;
  readonly chart: Chart;
  readonly mesh: Mesh;
  readonly namespace: MeshedNamespace;
  readonly services: Readonly<Record<string, MeshedService>>;
  readonly migration: MtlsMigration | undefined;

  constructor(migration?: Migration, options: MeshOptions = {}, outdir?: string) {
    this.app = new App(outdir === undefined ? {} : { outdir });
    this.mesh = Mesh.use(this.app, new IstioMesh(FULL_MESH), options);
    this.chart = new Chart(this.app, 'shop', { namespace: 'shop' });
    this.namespace = new MeshedNamespace(this.chart, 'Namespace', { name: 'shop' });
    const service = (name: string, ports: Port[], listening: readonly number[]) =>
      new Service(this.chart, name, {
        name,
        namespace: this.namespace,
        workload: Workload.of(deployment(this.chart, name, { ports: listening })),
        ports,
      });
    const http = Port.http(80, { containerPort: 8080 });
    this.services = {
      web: service('web', [http], [8080]),
      cart: service('cart', [http], [8080]),
      payment: service('payment', [http, Port.https(443, { name: 'hook', containerPort: 9443 })], [8080, 9443]),
      billing: service('billing', [http, Port.tcp(5000, { name: 'legacy' })], [8080, 5000]),
    };
    this.migration =
      migration === undefined
        ? undefined
        : new MtlsMigration(this.chart, 'Migration', {
            ...migration,
            namespaces: [this.namespace],
            strict: (migration.strict ?? []).map((name) => this.get(name)),
            exceptions: (migration.exceptions ?? []).map(({ service: name, ...rest }) => ({
              ...rest,
              service: this.get(name),
            })),
          });
    this.get('cart').access.allowFrom(this.get('web'));
    this.get('payment').access.allowFrom(this.get('cart'), { ports: ['http'] });
    this.get('payment').access.allowFrom(Peer.kubernetesApi(), { ports: ['hook'] });
    this.get('billing').access.allowFrom(this.get('cart'));
  }

  /** One of its services. */
  get(name: string): MeshedService {
    const service = this.services[name];
    if (service === undefined) throw new Error(`there is no ${name}`);
    return service;
  }

  /** Everything that it becomes, without a word on stderr. */
  objects(): Manifest[] {
    let found: Manifest[] = [];
    printed(() => (found = objects(this.chart)));
    return found;
  }
}
