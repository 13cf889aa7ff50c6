import type {
  HttpRouteSpec,
  HttpRouteSpecParentRefs,
  HttpRouteSpecRules,
  TlsRouteSpec,
} from '../../../../imports/gateway.networking.k8s.io';
import type { IngressIntent } from '../../../intent/ingress';
import type { MeshIntent } from '../../../intent/mesh';
import type { IstioSettings } from '../settings';
import { listenerName } from './gateway';
import { standardMatches } from './matches';
import type { StandardRule } from './rules';
import { backend, composedRules, standardRules } from './rules';

/** Spec of the HTTPRoute from an entrance to a service. gRPC is routed by it, too: a GRPCRoute has no timeouts. */
export function httpRouteSpec(settings: IstioSettings, ingress: IngressIntent, mesh: MeshIntent): HttpRouteSpec {
  const { hosts } = ingress;
  return {
    parentRefs: parentRefs(ingress),
    ...(hosts.includes('*') ? {} : { hostnames: hosts }),
    rules: merged(standardRules(composedRules(settings, ingress, mesh))),
  };
}

/** Spec of the TLSRoute that leads connections on by their server name. */
export function tlsRouteSpec(ingress: IngressIntent): TlsRouteSpec {
  return {
    parentRefs: parentRefs(ingress),
    hostnames: ingress.hosts,
    rules: [{ backendRefs: [backend(ingress, ingress.service, ingress.port.servicePort)] }],
  };
}

function parentRefs({ entrance, hosts, namespace }: IngressIntent): readonly HttpRouteSpecParentRefs[] {
  return hosts.map((host) => ({
    name: entrance.name,
    ...(entrance.namespace === namespace ? {} : { namespace: entrance.namespace }),
    sectionName: listenerName(entrance, host),
  }));
}

/** Neighbours that do the same as one rule with several matches; a rewrite of a prefix stands for one match alone. */
export function merged(rules: readonly StandardRule[]): readonly HttpRouteSpecRules[] {
  const result: HttpRouteSpecRules[] = [];
  let last = '';
  for (const { conditions, fields } of rules) {
    const matches = standardMatches(conditions);
    const text = JSON.stringify(fields);
    const before = result.at(-1);
    if (before !== undefined && text === last && !text.includes('ReplacePrefixMatch')) {
      result[result.length - 1] = { ...before, matches: [...(before.matches ?? []), ...matches] };
    } else {
      result.push(withMatches(matches, fields));
    }
    last = text;
  }
  return result;
}

/** A rule; a match without conditions is every request, which is what no match means, too. */
function withMatches(matches: NonNullable<HttpRouteSpecRules['matches']>, fields: StandardRule['fields']) {
  return matches.every((match) => Object.keys(match).length === 0) ? fields : { matches, ...fields };
}
