import type { IstioUpgradeStage } from '../../providers/istio/upgrade-stage';
import type { IstioValues } from './install-props';
import type { IstioMeshConfig } from './mesh-config-props';

/** The next control plane, and how far it has come. What it does not say is as in the install. */
export interface IstioUpgrade {
  /** Full number of its release, for example `1.30.3`: of the same minor release, of the one after it, or, without the CNI plugin, of that after the next. */
  readonly version: string;
  /** Its revision, for example `1-30-3`. */
  readonly revision: string;
  /** How far it has come. One change moves one stage, forward or back. */
  readonly stage: IstioUpgradeStage;
  /**
   * Its profile, for example `compatibility-version-1.29`.
   * @default - that of the install
   */
  readonly profile?: string;
  /**
   * What holds for its proxies. Trust domains and discovery labels are as in the install.
   * @default - that of the install
   */
  readonly meshConfig?: IstioMeshConfig;
  /**
   * Values of its charts for which there is no option.
   * @default - those of the install
   */
  readonly values?: IstioValues;
}

/** Namespaces that come first when the control plane is upgraded. */
export interface IstioCanaryTag {
  /** The revision tag that they follow, in the place of `tag`. */
  readonly tag: string;
  /** Their names. */
  readonly namespaces: string[];
}

/** Something to look at before the next stage. */
export interface IstioUpgradeCheck {
  /** What it is about, and what must be seen. */
  readonly what: string;
  /**
   * A command for a shell. It must print nothing.
   * @default - none: there is a query
   */
  readonly command?: string;
  /**
   * PromQL. It must give nothing.
   * @default - none: there is a command
   */
  readonly query?: string;
}
