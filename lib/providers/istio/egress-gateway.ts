import type {
  DestinationRuleSpec,
  DestinationRuleSpecSubsets,
  GatewaySpec,
  VirtualServiceSpec,
  VirtualServiceSpecHttp,
} from '../../../imports/networking.istio.io';
import type { AuthorizationPolicySpec, AuthorizationPolicySpecRules } from '../../../imports/security.istio.io';
import type { EgressGatewayIntent } from '../../intent/egress';
import { gatewayName } from '../../intent/egress';
import type { ExternalIntent } from '../../intent/external';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import { narrowOperation } from './policy-operation';
import { principal } from './policy-source';
import { trafficPolicy } from './resilience';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';

/** The host of the gateway's Service. */
export function egressHost(settings: IstioSettings, { namespace, service }: EgressGatewayIntent): string {
  return serviceHost(settings, { namespace, name: service });
}

/** Spec of the Gateway: one server for each host, which takes the mesh's own TLS, so that it knows who calls. */
export function egressGatewaySpec(gateway: EgressGatewayIntent, mesh: MeshIntent): GatewaySpec {
  return {
    selector: { ...gateway.podLabels },
    servers: mesh.externalsThrough(gateway).map((external) => ({
      port: { number: gateway.port, name: gatewayName(external), protocol: seesRequests(external) ? 'HTTPS' : 'TLS' },
      hosts: [`${external.namespace}/${external.host}`],
      tls: { mode: 'ISTIO_MUTUAL' },
    })),
  };
}

/** Spec of the DestinationRule of the gateway's Service: a subset for each host, since the server name leads on from there. */
export function egressDestinationRuleSpec(
  settings: IstioSettings,
  gateway: EgressGatewayIntent,
  mesh: MeshIntent,
): DestinationRuleSpec {
  return {
    host: egressHost(settings, gateway),
    subsets: mesh.externalsThrough(gateway).map((external) => ({
      name: gatewayName(external),
      trafficPolicy: towardsGateway(external),
    })),
  };
}

/** What the host says about connections holds up to the gateway, too; what it answers is no fault of the gateway's pods. */
function towardsGateway(external: ExternalIntent): DestinationRuleSpecSubsets['trafficPolicy'] & object {
  const { ports, resilience, host } = external;
  const { connectionPool } = trafficPolicy({ ...resilience, outlierDetection: 'off', retryBudget: 'off' }, ports);
  return {
    ...(seesRequests(external)
      ? // gRPC stays HTTP/2, whatever the gateway's Service says about its port.
        { connectionPool: { ...connectionPool, http: { ...connectionPool?.http, useClientProtocol: true } } }
      : connectionPool === undefined
        ? {}
        : { connectionPool }),
    tls: { mode: 'ISTIO_MUTUAL', sni: host },
  };
}

/** Spec of the VirtualService of a host behind a gateway: from callers to the gateway, and from there on. */
export function ledThrough(
  settings: IstioSettings,
  external: ExternalIntent,
  gateway: EgressGatewayIntent,
  direct: readonly VirtualServiceSpecHttp[],
): VirtualServiceSpec {
  const { host, ports } = external;
  const [port] = ports;
  const name = `${gateway.namespace}/${gateway.name}`;
  const toGateway = [
    {
      destination: {
        host: egressHost(settings, gateway),
        port: { number: gateway.port },
        subset: gatewayName(external),
      },
    },
  ];
  const atGateway = { gateways: [name], port: gateway.port };
  const timeout = direct.at(-1)?.timeout;
  const atCaller = { gateways: ['mesh'], port: port?.servicePort };
  return {
    hosts: [host],
    gateways: ['mesh', name],
    ...(seesRequests(external)
      ? {
          http: [
            {
              match: [atCaller],
              route: toGateway,
              ...(timeout === undefined ? {} : { timeout }),
              // The gateway repeats what may be repeated; both together would do so many times over.
              retries: { attempts: 0 },
            },
            ...direct.map((route) => ({
              ...route,
              match: (route.match ?? [{}]).map((match) => ({ ...match, ...atGateway })),
            })),
          ],
        }
      : {
          tls: [{ match: [{ ...atCaller, sniHosts: [host] }], route: toGateway }],
          tcp: [
            {
              match: [atGateway],
              route: ports.map(({ servicePort }) => ({ destination: { host, port: { number: servicePort } } })),
            },
          ],
        }),
  };
}

/** Spec of the policy of the gateway's pods: each host for those who may call it, by who they are, and nothing else. */
export function egressAuthorizationPolicySpec(
  settings: IstioSettings,
  gateway: EgressGatewayIntent,
  mesh: MeshIntent,
): AuthorizationPolicySpec {
  const rules = mesh.externalsThrough(gateway).flatMap((external) => hostRules(settings, gateway, external, mesh));
  return {
    selector: { matchLabels: { ...gateway.podLabels } },
    action: 'ALLOW',
    ...(rules.length === 0 ? {} : { rules }),
  };
}

function hostRules(
  settings: IstioSettings,
  gateway: EgressGatewayIntent,
  external: ExternalIntent,
  mesh: MeshIntent,
): readonly AuthorizationPolicySpecRules[] {
  const { namespace, name, host } = external;
  const ports = [String(gateway.containerPort)];
  const callersOf = new Map<string, Set<string>>();
  const grants = mesh.grantsTo({ kind: 'external', namespace, name });
  for (const { caller, operations } of grants) {
    const who = principal(settings, caller, mesh);
    const whole = grants.some(
      (grant) => principal(settings, grant.caller, mesh) === who && grant.operations.length === 0,
    );
    const allowed = whole ? [{ ports }] : operations.map((operation) => narrowOperation(ports, operation));
    const key = JSON.stringify(allowed.map((operation) => ({ operation })));
    callersOf.set(key, (callersOf.get(key) ?? new Set()).add(who ?? ''));
  }
  return [...callersOf]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([to, principals]) => ({
      from: [{ source: { principals: [...principals].filter((who) => who !== '').sort(byCodeUnits) } }],
      to: JSON.parse(to) as AuthorizationPolicySpecRules['to'] & object,
      when: [{ key: 'connection.sni', values: [host] }],
    }));
}

function seesRequests({ ports }: ExternalIntent): boolean {
  return ports.some((port) => port.carriesRequests);
}
