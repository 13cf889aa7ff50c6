/** How far an upgrade of the control plane has come. One change moves one stage, forward or back. */
export enum IstioUpgradeStage {
  /** CRDs, and what the whole cluster shares, are of the new version. */
  BASE = 'base',
  /** The CNI plugin is of the new version. Only where it is installed. */
  CNI = 'cni',
  /** The new control plane runs beside the old one, and injects nobody. */
  CONTROL_PLANE = 'control-plane',
  /** Canary namespaces follow the new control plane, and their pods restart. Only where there are any. */
  CANARY = 'canary',
  /** Every tag points to the new control plane: pods get its proxies as they are made. */
  TAGS = 'tags',
  /** Gateways are of the new version. Only where some are installed. */
  GATEWAYS = 'gateways',
  /** All other pods restart. */
  WORKLOADS = 'workloads',
  /** The new control plane checks configuration, also where nobody says which one shall. */
  DEFAULT_REVISION = 'default-revision',
  /** The old control plane is gone. */
  OLD_REMOVED = 'old-removed',
}

/** Every stage, in order. */
export const UPGRADE_STAGES: readonly IstioUpgradeStage[] = Object.values(IstioUpgradeStage);

/** An upgrade, and where it is. */
export interface UpgradeState {
  /** The revision that ran before. */
  readonly from: string;
  /** The revision that shall run. */
  readonly to: string;
  readonly stage: IstioUpgradeStage;
  /** The stages that it goes through, in order. */
  readonly stages: readonly IstioUpgradeStage[];
}

/** The annotation of revision tags by which manifests alone tell how far an upgrade has come. Part of the contract. */
export const UPGRADE_NOTE = 'cdk8s-mesh.github.io/upgrade';

/** The annotation of pods by which an upgrade restarts them: the revision whose proxies they shall have. Part of the contract. */
export const PROXY_NOTE = 'cdk8s-mesh.github.io/proxy-revision';

/** What Istio calls the revision of a control plane that has none. */
export const NO_REVISION = 'default';

/** The Service, and the Deployment, of the control plane of a revision. */
export function controlPlaneName(revision: string): string {
  return revision === NO_REVISION ? 'istiod' : `istiod-${revision}`;
}

/** Whether a stage has come at least as far as another one. */
export function upgradeReaches(stage: IstioUpgradeStage, other: IstioUpgradeStage): boolean {
  return UPGRADE_STAGES.indexOf(stage) >= UPGRADE_STAGES.indexOf(other);
}

/** A stage as users write it. */
export function describeUpgradeStage(stage: IstioUpgradeStage): string {
  const [name] = Object.entries(IstioUpgradeStage).find(([, value]) => value === stage) ?? [];
  return `IstioUpgradeStage.${name ?? String(stage)}`;
}

/** The stage after that of an upgrade; undefined after the last. */
export function nextUpgradeStage({ stage, stages }: UpgradeState): IstioUpgradeStage | undefined {
  return stages[stages.indexOf(stage) + 1];
}

/** An upgrade as the value of the annotation: `from=1-29-4 to=1-30-3 stage=tags stages=base,control-plane,tags,…`. */
export function upgradeNote({ from, to, stage, stages }: UpgradeState): string {
  return `from=${from} to=${to} stage=${stage} stages=${stages.join(',')}`;
}

const FORM = /^from=(\S+) to=(\S+) stage=(\S+) stages=(\S+)$/;

/** Reads the value of the annotation; undefined where it says no upgrade. */
export function readUpgradeNote(text: string): UpgradeState | undefined {
  const [, from, to, at, list] = FORM.exec(text) ?? [];
  const stage = UPGRADE_STAGES.find((known) => known === at);
  const stages = UPGRADE_STAGES.filter((known) => list?.split(',').includes(known) === true);
  return from === undefined ||
    to === undefined ||
    stage === undefined ||
    !stages.includes(stage) ||
    stages.join(',') !== list
    ? undefined
    : { from, to, stage, stages };
}

/** The revision that namespaces get their proxies from: canaries first, then the others. */
export function taggedRevision({ from, to, stage }: UpgradeState, canary: boolean): string {
  return upgradeReaches(stage, canary ? IstioUpgradeStage.CANARY : IstioUpgradeStage.TAGS) ? to : from;
}

/** The revision whose proxies pods shall have, for which they are restarted. */
export function restartedRevision({ from, to, stage }: UpgradeState, canary: boolean): string {
  return upgradeReaches(stage, canary ? IstioUpgradeStage.CANARY : IstioUpgradeStage.WORKLOADS) ? to : from;
}
