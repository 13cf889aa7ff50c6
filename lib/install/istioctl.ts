import { givenShape } from '../intent/given';
import { requireDnsLabel } from '../intent/names';
import { SideFile } from '../outputs/side-file';
import { toYaml } from '../outputs/yaml';
import type { Deliver } from './deliver';
import type { HelmInstall } from './helm-release';
import { istioOperator } from './istio/istio-operator';

/** How `istioctl` installs Istio. */
export interface IstioctlOptions {
  /**
   * Name of the cluster, with which the name of the file begins.
   * @default - the only cluster
   */
  readonly clusterName?: string;
}

/** Not the name of a manifest: `kubectl`, Argo CD and Flux apply every YAML file of a folder. */
const EXTENSION = '.istioctl';

/** What writes the input of `istioctl`, and the cluster that it is for. */
export function istioctlInput(options: IstioctlOptions): {
  readonly cluster: string;
  readonly deliver: Deliver;
} {
  const { clusterName } = givenShape('`Delivery.istioctl`', options, { clusterName: 'text?' });
  const prefix = clusterName === undefined ? '' : `${requireDnsLabel('clusterName of istioctl', clusterName)}-`;
  return {
    cluster: clusterName ?? 'this cluster',
    deliver: (scope, install) => {
      const operator = istioOperator(install);
      const path = `${prefix}${fileName(install)}`;
      new SideFile(
        scope,
        'Istioctl',
        path,
        `# istioctl install -f ${path}\n${versionNote(install)}${toYaml(operator)}`,
      );
    },
  };
}

function fileName({ releases }: HelmInstall): string {
  const control = releases.find(({ chart }) => chart === 'istiod');
  return `${(control?.name ?? 'istiod').replace(/^istiod/, 'istio')}${EXTENSION}`;
}

/** The charts are those inside of `istioctl`, whichever it is. */
function versionNote({ releases: [first] }: HelmInstall): string {
  return first === undefined
    ? ''
    : `# Only with istioctl ${first.version}, which has the charts of Istio ${first.version} in it.\n`;
}
