import type { DeliveredObject } from '../deliver';
import type { HelmInstall, HelmRelease, Values } from '../helm-release';
import { leaves, limit, oneTree, releasesOf, requireNoRepository, without, withoutNull } from '../limits';
import { toolProfile } from './profile-values';

const TOOL = 'the Sail operator';

/** What the operator installs and sets by itself. */
const OF_BASE = ['defaultRevision', 'global.istioNamespace'];

/**
 * The resources of the Sail operator: https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
 * The revision is the name of the `Istio`, as the operator has it where it updates in place, and must not be among its values.
 */
export function sailObjects({ charts, releases }: HelmInstall): readonly DeliveredObject[] {
  requireNoRepository(TOOL, charts);
  withoutNull(TOOL, releases);
  const [gateway] = releasesOf(releases, 'gateway');
  if (gateway !== undefined) {
    throw limit(
      `${TOOL} installs no gateways, and \`${gateway.name}\` is one`,
      'leave `gateways` out and install them with their own chart, or choose another delivery',
    );
  }
  const foreign = releasesOf(releases, 'base').flatMap(({ values }) =>
    leaves(values).filter((at) => !OF_BASE.includes(at)),
  );
  if (foreign.length > 0) {
    throw limit(
      `${TOOL} takes no values of the chart \`base\`, and has \`values.base.${foreign[0] ?? ''}\``,
      'leave it out',
    );
  }
  return [
    ...releasesOf(releases, 'cni').map((release) => resource('IstioCNI', 'default', release, {})),
    ...releasesOf(releases, 'istiod').map((release) =>
      resource('Istio', revisionOf(release), release, { updateStrategy: { type: 'InPlace' } }),
    ),
  ];
}

function revisionOf({ values }: HelmRelease): string {
  return typeof values['revision'] === 'string' ? values['revision'] : 'default';
}

function resource(kind: string, name: string, release: HelmRelease, strategy: object): DeliveredObject {
  const { profile, values: ofProfile } = toolProfile(release.values['profile']);
  const values: Values = oneTree(TOOL, [without(release.values, 'profile', 'revision'), ofProfile]);
  return {
    id: `${kind}-${name}`,
    apiVersion: 'sailoperator.io/v1',
    kind,
    metadata: { name },
    spec: {
      version: `v${release.version}`,
      namespace: release.namespace,
      ...strategy,
      ...(profile === undefined ? {} : { profile }),
      ...(Object.keys(values).length === 0 ? {} : { values }),
    },
  };
}
