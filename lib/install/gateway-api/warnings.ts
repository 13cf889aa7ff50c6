import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Problem } from '../../errors';
import { Code } from '../../errors';
import { apiGroup } from '../../manifests/objects';
import { parseVersion } from '../../providers/istio/version';
import { GatewayApiCrds } from './gateway-api-crds';

const GROUP = 'gateway.networking.k8s.io';

/** An install, as far as Gateway API concerns it. */
export interface GatewayApiUser {
  readonly path: string;
  /** The releases of Istio that run, or are about to. */
  readonly versions: readonly string[];
  readonly profile: string | undefined;
  /** Whether the cluster has the kinds, whoever delivers them. */
  readonly hasGatewayApi: boolean;
}

/** What an install would wait for, or pass over, without a word. */
export function gatewayApiWarnings(user: GatewayApiUser, tree: readonly IConstruct[]): readonly Problem[] {
  const delivered = tree.filter((construct): construct is GatewayApiCrds => construct instanceof GatewayApiCrds);
  return [
    ...(user.hasGatewayApi || delivered.length > 0 ? [] : missing(user, tree)),
    ...delivered.flatMap((crds) => tooOld(user, crds)),
  ];
}

function missing({ path, profile }: GatewayApiUser, tree: readonly IConstruct[]): readonly Problem[] {
  const objects = tree.filter((construct) => ApiObject.isApiObject(construct));
  if (objects.some(({ kind, name }) => kind === 'CustomResourceDefinition' && name.endsWith(`.${GROUP}`))) return [];
  const user = objects.find(({ apiVersion }) => apiGroup(apiVersion) === GROUP);
  if (user === undefined && profile !== 'ambient') return [];
  return [
    {
      code: Code.GATEWAY_API_MISSING,
      message: `${
        user === undefined
          ? `waypoints of profile \`ambient\` (\`${path}\`) are`
          : `${user.kind} \`${user.name}\` (\`${user.node.path}\`) is`
      } of Gateway API, whose kinds no chart of Istio brings and nothing in this app delivers`,
      fix: 'add `GatewayApiCrds`, or say `hasGatewayApi: true` of the install where the cluster has them already',
    },
  ];
}

/** https://github.com/istio/istio.io/pull/17394 */
function tooOld({ path, versions }: GatewayApiUser, { version, node }: GatewayApiCrds): readonly Problem[] {
  const reader = versions.find((release) => parseVersion(release).minor >= 30);
  if (reader === undefined || Number(version.split('.')[1]) >= 5) return [];
  return [
    {
      code: Code.GATEWAY_API_OLD,
      message: `Istio \`${reader}\` (\`${path}\`) passes over TLSRoutes and ReferenceGrants of Gateway API \`${version}\` (\`${node.path}\`)`,
      fix: 'deliver `1.5.1` or later, before that release of Istio',
    },
  ];
}
