import { Code, MeshError, quoted } from '../../errors';
import { requireDnsLabel } from '../../intent/names';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import {
  IstioUpgradeStage,
  NO_REVISION,
  UPGRADE_STAGES,
  describeUpgradeStage,
  upgradeReaches,
} from '../../providers/istio/upgrade-stage';
import type { IstioInstallProps } from './install-props';
import { installVersion } from './install-version';
import type { IstioMeshConfig } from './mesh-config-props';
import type { IstioUpgrade } from './upgrade-props';

/** What each part of an install is made from, while some of it may be older than other parts. */
export interface InstallParts {
  readonly base: IstioInstallProps;
  readonly cni: IstioInstallProps;
  /** The control planes that run. */
  readonly controlPlanes: readonly IstioInstallProps[];
  readonly gateways: IstioInstallProps;
  /** The control plane that checks configuration where nobody says which one shall. */
  readonly defaultRevision: string;
  /** What all pods have that were restarted. */
  readonly whole: IstioInstallProps;
}

/** The parts of an install, at the stage that its upgrade has reached. */
export function installParts(props: IstioInstallProps): InstallParts {
  const { upgrade } = props;
  const next = upgrade === undefined ? props : upgraded(props, upgrade);
  const at = (stage: IstioUpgradeStage) =>
    upgrade !== undefined && upgradeReaches(upgrade.stage, stage) ? next : props;
  const newest = at(IstioUpgradeStage.CONTROL_PLANE);
  return {
    base: at(IstioUpgradeStage.BASE),
    cni: at(IstioUpgradeStage.CNI),
    controlPlanes: [...new Set([at(IstioUpgradeStage.OLD_REMOVED), newest])],
    gateways: at(IstioUpgradeStage.GATEWAYS),
    defaultRevision: at(IstioUpgradeStage.DEFAULT_REVISION).revision ?? NO_REVISION,
    whole: at(IstioUpgradeStage.OLD_REMOVED),
  };
}

function upgraded(props: IstioInstallProps, { version, revision, profile, meshConfig, values }: IstioUpgrade) {
  return {
    ...props,
    version,
    revision,
    ...(profile === undefined ? {} : { profile }),
    ...(meshConfig === undefined ? {} : { meshConfig: { ...meshConfig, ...common(props) } }),
    ...(values === undefined ? {} : { values }),
  };
}

/** What two control planes of one mesh have in common: the identities that they give, and the namespaces that they see. */
const COMMON = ['trustDomain', 'trustDomainAliases', 'discoveryLabels'] as const;

function common({ meshConfig = {} }: IstioInstallProps): IstioMeshConfig {
  return Object.fromEntries(
    COMMON.flatMap((field) => (meshConfig[field] === undefined ? [] : [[field, meshConfig[field]]])),
  );
}

/** The upgrade of an install, checked; undefined where there is none. */
export function upgradeState(props: IstioInstallProps): UpgradeState | undefined {
  const { upgrade, revision = NO_REVISION, tag } = props;
  if (upgrade === undefined) return undefined;
  const to = requireDnsLabel('revision of the upgrade', upgrade.revision);
  if (tag === undefined) {
    throw new MeshError(
      Code.UPGRADE,
      `the upgrade to revision \`${to}\` goes out from an install that has no \`tag\``,
      'give the install a `tag` first, and let namespaces follow it',
    );
  }
  if (to === revision) {
    throw new MeshError(
      Code.UPGRADE,
      `the upgrade goes from revision \`${revision}\` to the same one`,
      'give the new control plane a `revision` of its own',
    );
  }
  requireVersions(props, upgrade);
  requireCommon(props, upgrade);
  const stages = upgradeStages(props);
  if (!stages.includes(upgrade.stage)) {
    const known = UPGRADE_STAGES.includes(upgrade.stage);
    throw new MeshError(
      Code.UPGRADE,
      known
        ? `the upgrade to revision \`${to}\` is at \`${describeUpgradeStage(upgrade.stage)}\`, and nothing of the install changes there`
        : `the upgrade to revision \`${to}\` is at stage \`${String(upgrade.stage)}\`, which is none`,
      `use one of ${quoted(stages.map(describeUpgradeStage))}`,
    );
  }
  return { from: revision, to, stage: upgrade.stage, stages };
}

/** The stages at which something of an install changes. */
function upgradeStages({ cni, canary, gateways = [] }: IstioInstallProps): readonly IstioUpgradeStage[] {
  const nothing = [
    ...(cni === undefined ? [IstioUpgradeStage.CNI] : []),
    ...(canary === undefined ? [IstioUpgradeStage.CANARY] : []),
    ...(gateways.length === 0 ? [IstioUpgradeStage.GATEWAYS] : []),
  ];
  return UPGRADE_STAGES.filter((stage) => !nothing.includes(stage));
}

/** Minor releases at once: https://istio.io/latest/docs/setup/upgrade/canary/#before-you-upgrade */
const AT_ONCE = 2;

/** Every proxy stays with the control plane of its revision, while there is one CNI plugin for all of them. */
function requireVersions({ version, cni }: IstioInstallProps, upgrade: IstioUpgrade): void {
  const [from, to] = [installVersion(version), installVersion(upgrade.version)];
  if (to.minor < from.minor || (to.minor === from.minor && to.patch <= from.patch)) {
    throw new MeshError(
      Code.UPGRADE,
      `the upgrade from version \`${version}\` goes to \`${upgrade.version}\`, which is not newer`,
      'go back stage by stage to where the upgrade began, which keeps the old version',
    );
  }
  const most = from.minor + (cni === undefined ? AT_ONCE : 1);
  if (to.minor > most) {
    throw new MeshError(
      Code.UPGRADE,
      `the upgrade goes from version \`${version}\` to \`${upgrade.version}\`, and ${
        cni === undefined
          ? 'Istio knows no upgrade by revisions past two minor releases'
          : 'the CNI plugin works with control planes of its own minor release and of those beside it'
      }`,
      `upgrade to a release of \`1.${most}\` first`,
    );
  }
}

function requireCommon({ meshConfig = {} }: IstioInstallProps, { meshConfig: next }: IstioUpgrade): void {
  if (next === undefined) return;
  for (const field of COMMON) {
    const [was, is] = [meshConfig[field], next[field]];
    if (is !== undefined && JSON.stringify(is) !== JSON.stringify(was)) {
      throw new MeshError(
        Code.UPGRADE,
        `the upgrade has \`meshConfig.${field}\` \`${shown(is)}\`, and the install \`${shown(was ?? 'none')}\``,
        'leave it out of the upgrade: both control planes give the same identities, and see the same namespaces',
      );
    }
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
