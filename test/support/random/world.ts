import type { IPeer, MeshedService, ZeroTrustNamespace } from '../../../lib';
import { Peer, Port, Workload } from '../../../lib';
import type { MeshApp } from '../mesh-app';
import { deployment } from '../mesh-app';
import type { Some } from './some';

/** Where random values come to stand: the service `cart`, which they are for, and others around it. */
export class World {
  readonly web: MeshedService;
  readonly other: MeshedService;
  readonly store: MeshedService;
  readonly ops: IPeer = Peer.namespace('ops');
  readonly robot: IPeer = Peer.serviceAccount('qa', 'robot', { podLabels: { app: 'robot' } });
  private built: MeshedService | undefined;

  constructor(
    readonly app: MeshApp,
    namespace: ZeroTrustNamespace,
    private readonly containerPorts: readonly number[],
  ) {
    this.web = app.service('web', { namespace });
    this.other = app.service('other', { namespace });
    this.store = app.service('store', {
      namespace,
      ports: [Port.tcp(5000, { containerPort: 8080 }), Port.tls(5443)],
      workload: Workload.of(deployment(app.chart, 'store', { ports: [8080, 5443] })),
    });
  }

  /** The service that everything is about, once it stands. */
  get cart(): MeshedService {
    if (this.built === undefined) throw new Error('the service does not stand yet');
    return this.built;
  }

  set cart(service: MeshedService) {
    this.built = service;
  }

  /** Pods of a version of `cart`. */
  workload(version: string, matchLabels?: Readonly<Record<string, string>>): Workload {
    const name = `cart-${version}`;
    const there = this.app.chart.node.tryFindChild(`${name}-deployment`);
    return Workload.of(
      there ??
        deployment(this.app.chart, name, {
          labels: { app: 'cart', version },
          ports: this.containerPorts,
          ...(matchLabels === undefined ? {} : { matchLabels }),
        }),
    );
  }
}

/** Something random that is for the world above. */
export type Any<T> = Some<T, World>;
