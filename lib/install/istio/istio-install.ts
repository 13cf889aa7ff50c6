import { Construct } from 'constructs';
import { Code, MeshError } from '../../errors';
import { requireDnsLabel, requireIdentity } from '../../intent/names';
import type { IIstioInstall } from '../../providers/istio/istio-mesh';
import type { IstioMeshProps } from '../../providers/istio/istio-mesh-props';
import type { HelmInstall } from '../helm-release';
import { knownMesh } from './known-mesh';
import type { IstioGateway } from './gateway-props';
import type { IstioInstallProps } from './install-props';
import { installVersion } from './install-version';
import { istioReleases } from './releases';

const CHARTS = 'https://istio-release.storage.googleapis.com/charts';

/** What istiod writes into its webhooks: its certificate, and that it is there to be asked. */
const OWN_FIELDS = [
  { kind: 'MutatingWebhookConfiguration', path: '.webhooks[]?.clientConfig.caBundle' },
  { kind: 'ValidatingWebhookConfiguration', path: '.webhooks[]?.clientConfig.caBundle' },
  { kind: 'ValidatingWebhookConfiguration', path: '.webhooks[]?.failurePolicy' },
];

/**
 * Istio itself: its CRDs, CNI plugin, control plane and gateways, from Istio's own charts, installed in order by what the
 * company already has. `IstioMesh.fromInstall` tells the rest of the app what is there.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioGatewayRole, IstioInstall, IstioMesh, Mesh, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery: Delivery.argoCd(),
 *   gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
 * });
 * Mesh.use(app, IstioMesh.fromInstall(install));
 */
export class IstioInstall extends Construct implements IIstioInstall {
  /** What the rest of the app has to know, as props of `IstioMesh`; to be completed with what is not installed here. */
  readonly meshProps: IstioMeshProps;

  constructor(scope: Construct, id: string, props: IstioInstallProps) {
    super(scope, id);
    const version = installVersion(props.version);
    requireProps(props);
    const install: HelmInstall = {
      charts: {
        name: 'istio',
        repository: requireRepository(props.chartRepository ?? CHARTS),
        isChosen: props.chartRepository !== undefined,
      },
      releases: istioReleases(props, version),
      ownFields: OWN_FIELDS,
    };
    this.meshProps = knownMesh(props);
    props.delivery._deliver(this, install);
    this.node.addValidation({ validate: () => secondInstalls(this, props) });
    INSTALLS.set(this, props);
  }
}

const INSTALLS = new WeakMap<Construct, IstioInstallProps>();

/** Control planes of one cluster that could not be told apart. */
function secondInstalls(install: IstioInstall, { delivery, revision }: IstioInstallProps): string[] {
  const all = install.node.root.node.findAll().filter((other) => other instanceof IstioInstall);
  return all.slice(all.indexOf(install) + 1).flatMap((other) => {
    const props = INSTALLS.get(other);
    return props?.delivery._cluster === delivery._cluster && props.revision === revision
      ? [
          new MeshError(
            Code.INSTALL,
            `\`${install.node.path}\` and \`${other.node.path}\` install ${revision === undefined ? 'Istio without a revision' : `revision \`${revision}\``} in one cluster`,
            'give each a `revision` of its own',
          ).message,
        ]
      : [];
  });
}

function requireProps({ namespace, revision, gateways = [] }: IstioInstallProps): void {
  requireDnsLabel('namespace', namespace ?? 'istio-system');
  if (revision !== undefined) requireDnsLabel('revision', revision);
  gateways.forEach((gateway, index) => requireGateway(gateway, namespace ?? 'istio-system', gateways.slice(0, index)));
}

function requireGateway({ name, namespace }: IstioGateway, root: string, before: readonly IstioGateway[]): void {
  requireIdentity('name of a gateway', name);
  requireDnsLabel(`namespace of gateway \`${name}\``, namespace);
  if (namespace === root) {
    throw new MeshError(
      Code.INSTALL,
      `gateway \`${name}\` is in namespace \`${root}\`, that of istiod, whose Secrets it could read`,
      'give it a `namespace` of its own',
    );
  }
  if (before.some((other) => other.name === name)) {
    throw new MeshError(Code.INSTALL, `two gateways are named \`${name}\``, 'give each a `name` of its own');
  }
}

function requireRepository(repository: string): string {
  if (/^(https|oci):\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(repository)) return repository.replace(/\/+$/, '');
  throw new MeshError(
    Code.INSTALL,
    `chartRepository \`${repository}\` is no address of charts`,
    'give it as `https://…` or `oci://…`',
  );
}
