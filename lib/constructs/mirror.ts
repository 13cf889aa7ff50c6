import { Code, MeshError } from '../errors';
import { givenList, givenOptions, givenPeer } from '../intent/given';
import type { MirrorIntent } from '../intent/mirror';
import type { Operation } from '../intent/operation';
import type { IPeer } from '../intent/peer';
import type { WorkloadSource } from '../synthesis/workload-source';
import type { Workload } from './workload';

/** How many and which requests are copied. */
export interface MirrorOptions {
  /** How many of them in percent: more than 0, at most 100, at most four decimals. Drawn anew for each request. */
  readonly percent: number;
  /**
   * Requests that are copied; of operations without methods, GET, HEAD and OPTIONS. **What other methods do is then done twice**,
   * by the service and by the mirror.
   * @default - GET, HEAD and OPTIONS on HTTP ports; nothing on gRPC ports, where nobody can tell what is safe
   */
  readonly operations?: Operation[];
}

/** A version that gets copies only. */
export interface MirrorVersionOptions extends MirrorOptions {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /** Its pods. */
  readonly workload: Workload;
}

/** A service that gets copies. */
export interface MirrorServiceOptions extends MirrorOptions {
  /**
   * Name of its port.
   * @default - its only port that carries requests
   */
  readonly port?: string;
}

/**
 * Copies of requests, sent by the callers' proxies under the callers' identities. Nobody waits for the answers or sees them.
 *
 * Requests that may stay open are not copied. The host of a copy ends in `-shadow`.
 *
 * @example
 * import { Mirror, Workload } from 'cdk8s-mesh';
 * const mirror = Mirror.toVersion({
 *   version: 'v2',
 *   workload: Workload.external({
 *     kind: 'Deployment', name: 'users-v2', labels: { app: 'users', version: 'v2' }, serviceAccount: 'users', containerPorts: [80],
 *   }),
 *   percent: 10,
 * });
 */
export class Mirror {
  /** To a version of the same service that takes no requests of its own. */
  static toVersion(options: MirrorVersionOptions): Mirror {
    givenOptions('options of a mirror', options);
    const { version, workload } = options as MirrorVersionOptions & { readonly workload?: Workload };
    return new Mirror({ kind: 'version', version }, options, workload?._source);
  }

  /** To another service, which every caller must be allowed to call, too. */
  static toService(service: IPeer, options: MirrorServiceOptions): Mirror {
    const ref = givenPeer('the service of a mirror', service);
    if (ref.kind !== 'service') {
      throw new MeshError(Code.RELEASE, `a mirror is a peer of kind \`${ref.kind}\``, 'name a MeshedService');
    }
    const { port } = givenOptions('options of a mirror', options);
    return new Mirror({ kind: 'service', ref, ...(port === undefined ? {} : { port }) }, options, undefined);
  }

  /**
   * @internal
   */
  readonly _intent: MirrorIntent;
  /**
   * Pods of a version that gets copies only.
   * @internal
   */
  readonly _workload: WorkloadSource | undefined;

  private constructor(
    to: MirrorIntent['to'],
    { percent, operations = [] }: MirrorOptions,
    workload: WorkloadSource | undefined,
  ) {
    if (!(percent > 0 && percent <= 100) || Number(percent.toFixed(4)) !== percent) {
      throw new MeshError(
        Code.WEIGHT,
        `percent \`${percent}\` of a mirror is no share`,
        'use a number above 0 and at most 100, with at most four decimals; leave `mirror` out to copy nothing',
      );
    }
    this._intent = { to, percent, operations: givenList('`operations` of a mirror', operations) };
    this._workload = workload;
  }
}
