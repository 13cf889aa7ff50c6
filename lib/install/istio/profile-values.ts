import type { Values } from '../helm-release';

/** A profile of the charts in the words of tools that have profiles of their own. */
export interface ToolProfile {
  /** The tool's own profile; undefined where the tool has none for it. */
  readonly profile: string | undefined;
  /** Values that say the rest. */
  readonly values: Values;
}

/** https://istio.io/latest/docs/ambient/install/platform-prerequisites, https://istio.io/latest/docs/setup/additional-setup/compatibility-versions/ */
export function toolProfile(profile: unknown): ToolProfile {
  const text = typeof profile === 'string' ? profile : undefined;
  const platform = /^platform-(.+)$/.exec(text ?? '')?.[1];
  const version = /^compatibility-version-(.+)$/.exec(text ?? '')?.[1];
  if (platform !== undefined) return { profile: undefined, values: { global: { platform } } };
  if (version !== undefined) return { profile: undefined, values: { compatibilityVersion: version } };
  return { profile: text, values: {} };
}
