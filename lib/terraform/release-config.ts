import type { HelmInstall, HelmRelease } from '../install/helm-release';
import { toYaml } from '../outputs/yaml';

/** A `helm_release`, as the provider `hashicorp/helm` has it. */
export interface ReleaseSettings {
  readonly name: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly values: string[];
  readonly timeout: number;
}

/** The settings of a release. */
export function releaseSettings(
  { charts }: HelmInstall,
  { name, namespace, chart, version, values }: HelmRelease,
  timeout: number,
): ReleaseSettings {
  return {
    name,
    namespace,
    createNamespace: true,
    repository: charts.repository,
    chart,
    version,
    values: [literal(toYaml(values))],
    timeout,
  };
}

/** Terraform takes `${` and `%{` in any text for templates of its own. */
function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&');
}
