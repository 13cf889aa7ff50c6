import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../../errors';
import type { Shape } from '../../intent/given';
import { givenShape } from '../../intent/given';
import { requireDnsLabel } from '../../intent/names';
import type { Delivery } from '../delivery';
import type * as Bundle from './bundle';

/** Which kinds of Gateway API there are. */
export enum GatewayApiChannel {
  /** What is stable. */
  STANDARD = 'standard',
  /** What may still change, too. A cluster goes from this one to `STANDARD`, and not back. */
  EXPERIMENTAL = 'experimental',
}

/** Which kinds of Gateway API are delivered, and how. */
export interface GatewayApiCrdsProps {
  /** Full number of the release of Gateway API, for example `1.5.1`. Istio from 1.30 on reads all of it from 1.5 on. */
  readonly version: string;
  /** What applies them: `Delivery.argoCd`, `Delivery.flux` or `Delivery.rendered`. The others install charts, and there is none. */
  readonly delivery: Delivery;
  /**
   * Which kinds there are.
   * @default GatewayApiChannel.STANDARD
   */
  readonly channel?: GatewayApiChannel;
  /**
   * Address of the Git repository, where Argo CD and Flux read a copy of it.
   * @default https://github.com/kubernetes-sigs/gateway-api
   */
  readonly repository?: string;
  /**
   * Name of a Secret beside Flux's other objects with which Flux reads the repository. Argo CD has such things in its own configuration.
   * @default - the repository is public
   */
  readonly repositorySecret?: string;
  /**
   * File of the release, `standard-install.yaml` or `experimental-install.yaml`, relative to the folder in which the app runs.
   * `Delivery.rendered` needs it, and nothing else reads it.
   * @default - none
   */
  readonly file?: string;
}

const SHAPE: Shape<GatewayApiCrdsProps> = {
  version: 'text',
  delivery: 'made:_deliverManifests',
  channel: 'text?',
  repository: 'text?',
  repositorySecret: 'text?',
  file: 'text?',
};

const REPOSITORY = 'https://github.com/kubernetes-sigs/gateway-api';

/** Where the repository has the kinds: the folder itself is the standard channel. */
const FOLDER = 'config/crd';

/**
 * The kinds of Gateway API, which are no part of Kubernetes or of Istio's charts. `IngressApi.STANDARD` and the profile `ambient`
 * need them. Not for clusters whose provider installs them. They are never deleted by themselves.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, GatewayApiCrds, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * new GatewayApiCrds(new Chart(app, 'gateway-api'), 'Crds', {
 *   version: '1.5.1',
 *   delivery: Delivery.argoCd({ project: 'platform' }),
 * });
 */
export class GatewayApiCrds extends Construct {
  /** Full number of the release. */
  readonly version: string;

  constructor(scope: Construct, id: string, props: GatewayApiCrdsProps) {
    super(scope, id);
    const {
      delivery,
      file,
      repositorySecret,
      repository = REPOSITORY,
      channel = GatewayApiChannel.STANDARD,
    } = givenShape('`GatewayApiCrds`', props, SHAPE);
    this.version = requireVersion(props.version);
    requireChannel(channel);
    requireRepository(repository);
    delivery._deliverManifests(this, {
      what: 'Gateway API',
      name: 'gateway-api',
      repository,
      secret: repositorySecret === undefined ? undefined : requireDnsLabel('repositorySecret', repositorySecret),
      tag: `v${this.version}`,
      folder: channel === GatewayApiChannel.STANDARD ? FOLDER : `${FOLDER}/${channel}`,
      within: FOLDER,
      download: `${REPOSITORY}/releases/download/v${this.version}/${channel}-install.yaml`,
      onDisk: () => (require('./bundle') as typeof Bundle).readBundle(file, this.version, channel),
      instead: 'say `hasGatewayApi: true` of the install',
    });
  }
}

function requireVersion(version: string): string {
  if (/^1\.\d+\.\d+$/.test(version)) return version;
  throw new MeshError(
    Code.GATEWAY_API,
    `version \`${version}\` is no release of Gateway API`,
    'give the full number of one, without `v`, for example `1.5.1`',
  );
}

function requireChannel(channel: GatewayApiChannel): void {
  const known = Object.values(GatewayApiChannel);
  if (known.includes(channel)) return;
  throw new MeshError(
    Code.GATEWAY_API,
    `channel \`${channel}\` of Gateway API is none, there are ${quoted(known)}`,
    'use a value of `GatewayApiChannel`',
  );
}

function requireRepository(repository: string): void {
  if (/^(https|ssh):\/\/[^\s/]+\/\S+$/.test(repository)) return;
  throw new MeshError(
    Code.GATEWAY_API,
    `repository \`${repository}\` is no address of a Git repository`,
    'give it as `https://…` or `ssh://…`',
  );
}
