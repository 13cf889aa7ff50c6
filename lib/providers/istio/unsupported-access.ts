import type { Grant } from '../../intent/access';
import type { GrantConditions } from '../../intent/grant-conditions';
import type { Operation } from '../../intent/operation';
import { PathMatchKind } from '../../intent/path-match';
import type { CallerRef } from '../../intent/peer';
import { describeRef } from '../../intent/peer';
import type { Unsupported } from '../provider';
import type { IstioSettings } from './settings';

/** What Istio's sidecars cannot express of a grant. */
export function unsupportedGrant(settings: IstioSettings, grant: Grant): readonly Unsupported[] {
  const what = `a grant to ${describeRef(grant.callee)}`;
  return [
    ...unsupportedOperations(what, grant.operations),
    ...foreignAccount(settings, grant.caller),
    ...clientAddresses(settings, what, grant.conditions, grant.caller),
    ...(grant.conditions?.serverNames === undefined || grant.caller.kind === 'kubernetesApi'
      ? []
      : [
          {
            feature: `server names ${grant.conditions.serverNames.map((name) => `\`${name}\``).join(', ')} in ${what}`,
            reason: `${describeRef(grant.caller)} calls inside the TLS of the mesh, and the server name of that is one of the mesh's own`,
            instead: 'limit it by `ports`, or let the application look at the server name',
          },
        ]),
  ];
}

/** Operations that no AuthorizationPolicy can compare. */
export function unsupportedOperations(
  what: string,
  operations: readonly Pick<Operation, 'paths'>[],
): readonly Unsupported[] {
  return operations
    .flatMap(({ paths }) => paths)
    .filter(({ kind }) => kind === PathMatchKind.REGEX)
    .map(({ value }) => ({
      feature: `path regex \`${value}\` in ${what}`,
      reason: 'an AuthorizationPolicy compares no regular expressions',
      instead: 'use `PathMatch.exact`, `PathMatch.prefix` or `PathMatch.template`',
    }));
}

/** Trust domains that istiod takes for the mesh's own, whatever a policy means by them. */
function foreignAccount({ trustDomain, trustDomainAliases }: IstioSettings, caller: CallerRef): readonly Unsupported[] {
  const domain = caller.kind === 'serviceAccount' ? caller.foreign?.trustDomain : undefined;
  const reason =
    domain === trustDomain
      ? "it is the mesh's own"
      : domain !== undefined && trustDomainAliases.includes(domain)
        ? 'it is one of `trustDomainAliases`, so that policies hold for the account in all of them'
        : domain === 'cluster.local'
          ? `in policies, it stands for the mesh's own, which is \`${trustDomain}\``
          : undefined;
  return domain === undefined || reason === undefined
    ? []
    : [
        {
          feature: `trust domain \`${domain}\` of ${describeRef(caller)} as that of another mesh`,
          reason,
          instead:
            'leave `trustDomain` out if an account of this mesh is meant, or give the other mesh a name of its own',
        },
      ];
}

/** Addresses of clients that the proxy behind the gateway would not see. */
export function clientAddresses(
  { ingressGateway }: IstioSettings,
  what: string,
  { addresses }: Pick<GrantConditions, 'addresses'> = {},
  caller?: CallerRef,
): readonly Unsupported[] {
  if (addresses?.of === 'client' && caller?.kind === 'ingressGateway' && caller.own !== undefined) {
    return [
      {
        feature: `addresses of clients in ${what}`,
        reason: `${describeRef(caller)} is deployed by the mesh behind a Service that may put the address of a node in their place`,
        instead: 'let these clients in by `IngressApi.MESH` and an ingress gateway that preserves their addresses',
      },
    ];
  }
  if (addresses?.of !== 'client' || ingressGateway === undefined || ingressGateway.trustedProxies === 0) {
    return [];
  }
  const { trustedProxies } = ingressGateway;
  return [
    {
      feature: `addresses of clients in ${what}`,
      reason:
        trustedProxies === undefined
          ? 'it is unknown whether the ingress gateway sees them, or those of a load balancer or node'
          : `behind ${trustedProxies} proxies in front of the gateway, the proxy of the service sees the address of the nearest, not the client's`,
      instead:
        trustedProxies === undefined
          ? 'preserve them there (`externalTrafficPolicy: Local`), and say `trustedProxies: 0` in `ingressGateway`'
          : 'let clients reach the gateway directly, or filter addresses at the first of these proxies',
    },
  ];
}
