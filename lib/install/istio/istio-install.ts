import { Construct } from 'constructs';
import type { Problem } from '../../errors';
import { Code, MeshError, describeProblem, quoted } from '../../errors';
import type { IIstioInstall } from '../../providers/istio/istio-mesh';
import type { IstioMeshProps } from '../../providers/istio/istio-mesh-props';
import { istioSettings } from '../../providers/istio/read-settings';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import { describeUpgradeStage, nextUpgradeStage } from '../../providers/istio/upgrade-stage';
import { requireRepository } from '../chart-repository';
import { gatewayApiWarnings } from '../gateway-api/warnings';
import type { HelmInstall } from '../helm-release';
import { withCompanions } from './companions';
import { orphans } from './followers';
import { requireProps } from './install-checks';
import { knownMesh } from './known-mesh';
import type { IstioInstallProps } from './install-props';
import { installVersion } from './install-version';
import { istioReleases } from './releases';
import type { RevisionTag } from './tags';
import { revisionTags, tagObject } from './tags';
import { installParts, upgradeState } from './upgrade';
import { upgradeChecks } from './upgrade-checks';
import type { IstioUpgradeCheck } from './upgrade-props';

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
  private readonly props: IstioInstallProps;
  private readonly state: UpgradeState | undefined;
  private readonly tags: readonly RevisionTag[];
  /** Where the tags are delivered. */
  private tagsAt: string | undefined;
  private readonly printed = new Set<string>();

  constructor(scope: Construct, id: string, given: IstioInstallProps) {
    super(scope, id);
    requireProps(given);
    const props = withCompanions(given);
    this.props = props;
    installVersion(props.version);
    this.state = upgradeState(props);
    this.tags = revisionTags(props, this.state);
    const parts = installParts(props);
    const install: HelmInstall = {
      charts: {
        name: 'istio',
        repository: requireRepository(props.chartRepository ?? CHARTS),
        isChosen: props.chartRepository !== undefined,
      },
      releases: istioReleases(parts),
      ownFields: OWN_FIELDS,
    };
    const notice = this.state === undefined ? undefined : upgradeNotice(this.node.path, this.state, this.nextChecks());
    this.meshProps = knownMesh(parts.whole, this.state, notice);
    // What the rest of the app would refuse is refused where it is said, also before anybody else knows the install.
    parts.controlPlanes.forEach((plane) => istioSettings(knownMesh(plane, this.state, undefined)));
    props.delivery._deliver(this, install);
    this.node.addValidation({
      validate: () => {
        this.warn();
        return [...this.secondInstalls(), ...this.missing(), ...this.orphans()].map(describeProblem);
      },
    });
  }

  /** What to look at before the upgrade goes on. Nothing where there is none. */
  nextChecks(): IstioUpgradeCheck[] {
    return this.state === undefined ? [] : [...upgradeChecks(this.props, this.state)];
  }

  /**
   * The objects of its tags, which stand at one place.
   * @internal
   */
  _deliverTags(path: string) {
    if (this.tagsAt !== undefined || this.tags.length === 0) {
      throw new MeshError(
        Code.UPGRADE,
        this.tagsAt === undefined
          ? `\`${path}\` delivers the tags of \`${this.node.path}\`, which has none`
          : `the tags of \`${this.node.path}\` are delivered by \`${this.tagsAt}\` and again by \`${path}\``,
        this.tagsAt === undefined ? 'give the install a `tag`' : 'deliver them once',
      );
    }
    this.tagsAt = path;
    return this.tags.map((tag) => tagObject(this.props, tag, this.state));
  }

  /** Says once what is not there that should be. */
  private warn(): void {
    const { version, upgrade, profile, hasGatewayApi = false } = this.props;
    const user = {
      path: this.node.path,
      versions: [version, ...(upgrade === undefined ? [] : [upgrade.version])],
      profile,
      hasGatewayApi,
    };
    for (const warning of gatewayApiWarnings(user, this.node.root.node.findAll()).map(describeProblem)) {
      if (!this.printed.has(warning)) process.stderr.write(`warning: ${warning}\n`);
      this.printed.add(warning);
    }
  }

  /** Control planes of one cluster that could not be told apart, or would both own what the cluster shares. */
  private secondInstalls(): readonly Problem[] {
    const all = this.node.root.node.findAll().filter((other): other is IstioInstall => other instanceof IstioInstall);
    const { delivery, revision } = this.props;
    return all
      .slice(all.indexOf(this) + 1)
      .filter(({ props }) => props.delivery._cluster === delivery._cluster)
      .map(({ node, props }) => ({
        code: Code.INSTALL,
        message: `\`${this.node.path}\` and \`${node.path}\` install ${
          props.revision !== revision
            ? 'CRDs and what else a cluster has once'
            : revision === undefined
              ? 'Istio without a revision'
              : `revision \`${revision}\``
        } in one cluster`,
        fix: 'keep one install, with a `revision` and a `tag`; its `upgrade` brings another control plane beside the first one',
      }));
  }

  /** Other clusters have other control planes. */
  private orphans(): readonly Problem[] {
    const { root } = this.node;
    const isAlone = root.node.findAll().filter((other) => other instanceof IstioInstall).length === 1;
    return this.state === undefined || !isAlone ? [] : orphans(root, this.state);
  }

  /** What an install with tags or an upgrade cannot be without. */
  private missing(): readonly Problem[] {
    return [
      ...(this.tags.length > 0 && this.tagsAt === undefined
        ? [
            {
              code: Code.UPGRADE,
              message: `nothing delivers tag ${quoted(this.tags.map(({ tag }) => tag))} of \`${this.node.path}\`, so that nobody would inject what follows it`,
              fix: "add `new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install })`",
            },
          ]
        : []),
      ...(this.state !== undefined && this.node.root.node.findAll().every(({ node }) => node.id !== MESH_ID)
        ? [
            {
              code: Code.UPGRADE,
              message: `the upgrade of \`${this.node.path}\` is compared with nothing, and its checks are shown to nobody`,
              fix: "add `Mesh.use(app, IstioMesh.fromInstall(install), { previous: '…' })`",
            },
          ]
        : []),
    ];
  }
}

/** The id of a `Mesh`, which stands below this folder in no tree of imports. */
const MESH_ID = 'cdk8s-mesh';

function upgradeNotice(path: string, state: UpgradeState, checks: readonly IstioUpgradeCheck[]): string {
  const next = nextUpgradeStage(state);
  const [first] = checks;
  return describeProblem({
    code: Code.UPGRADE_NEXT,
    message: `the upgrade from revision \`${state.from}\` to \`${state.to}\` (\`${path}\`) is at \`${describeUpgradeStage(state.stage)}\``,
    fix: `before ${next === undefined ? 'it ends' : `\`${describeUpgradeStage(next)}\``}, do what \`nextChecks()\` says; this must print nothing: ${first?.command ?? ''}`,
  });
}
