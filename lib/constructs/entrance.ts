import type { Construct, IConstruct } from 'constructs';
import { Code, MeshError, describeProblem, quoted } from '../errors';
import type { EntranceIntent, EntranceTls } from '../intent/entrance';
import {
  HTTPS_PORT,
  HTTP_PORT,
  IngressApi,
  covers,
  portsTaken,
  requireHosts,
  requireIngressApi,
  sharesGateway,
} from '../intent/entrance';
import { requireDnsLabel } from '../intent/names';
import { requirePortNumber } from '../intent/port';
import { IngressTls } from '../options/ingress-tls';
import { emit } from './emit';
import type { Mesh } from './mesh';

/** What opens hosts at the gateway, as users say it. */
export interface EntranceParts {
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly wildcard?: boolean | undefined;
  readonly tls: IngressTls | undefined;
  readonly gatewayPort?: number | undefined;
  readonly api?: IngressApi | undefined;
  /** Whether connections are taken as they come. */
  readonly connections?: boolean;
}

/** Hosts that a construct opened. */
interface Opened {
  readonly construct: IConstruct;
  readonly intent: EntranceIntent;
}

/** Registers hosts that a construct opens at the gateway, and emits what opens them. */
export function openHosts(construct: Construct, mesh: Mesh, parts: EntranceParts): EntranceIntent {
  const intent = entranceIntent(mesh, parts);
  requireFit(intent);
  if (intent.own === undefined && mesh._provider.ingressGateway === undefined) {
    throw new MeshError(
      Code.GATEWAY_UNKNOWN,
      `the ingress gateway, which shall open ${quoted(intent.hosts)} to \`${intent.namespace}/${intent.name}\`, is not known`,
      `give \`ingressGateway\` to \`${mesh._provider.name}\``,
    );
  }
  mesh._require({ kind: 'entrance', entrance: intent });
  for (const other of mesh._registry.entrances) {
    requireOther(construct, intent, other);
    warnOfWildcards(mesh, { construct, intent }, other);
    warnOfWildcards(mesh, other, { construct, intent });
  }
  mesh._registry.entrances.push({ construct, intent });
  mesh._provider.entranceObjects(intent).forEach((plan) => emit(construct, mesh, plan));
  return intent;
}

function entranceIntent(mesh: Mesh, parts: EntranceParts): EntranceIntent {
  const hosts = requireHosts(parts.hosts, parts.wildcard ?? false);
  if (!(parts.tls instanceof IngressTls)) {
    throw new MeshError(
      Code.INGRESS,
      `${quoted(hosts)} has no \`tls\``,
      'use `IngressTls.credential` with the name of the Secret that has the certificate, or `IngressTls.plaintext()` where you mean it',
    );
  }
  const object = {
    namespace: requireDnsLabel('namespace', parts.namespace),
    name: requireDnsLabel('ingress', parts.name),
  };
  const tls = named(parts.tls._intent, `${parts.namespace}-${parts.name}`);
  const api = requireIngressApi(parts.api ?? mesh._provider.ingressApi);
  return {
    ...object,
    hosts,
    tls,
    port: requirePortNumber('gatewayPort', parts.gatewayPort ?? (tls.kind === 'plaintext' ? HTTP_PORT : HTTPS_PORT)),
    connections: parts.connections ?? false,
    ...(api === IngressApi.STANDARD ? { own: mesh._provider.ownGateway(object) } : {}),
  };
}

/** TLS whose certificate has a name. */
function named(tls: EntranceTls, name: string): EntranceTls {
  return tls.kind === 'terminated' && tls.credentialName === ''
    ? { ...tls, credentialName: requireDnsLabel('credentialName', name) }
    : tls;
}

/** Refuses hosts that this kind of TLS cannot have, and redirects that lead nowhere. */
function requireFit({ tls, hosts, port, connections }: EntranceIntent): void {
  if (tls.kind === 'passthrough' && hosts.includes('*')) {
    throw new MeshError(
      Code.INGRESS,
      '`*` cannot be passed through, since the gateway tells connections apart by their server name',
      'name the hosts, or a domain such as `*.example.com`',
    );
  }
  if (tls.kind === 'terminated' && tls.certificate !== undefined && hosts.includes('*')) {
    throw new MeshError(
      Code.INGRESS,
      '`*` is no name that a certificate can have',
      'name the hosts, or a domain such as `*.example.com`',
    );
  }
  if (tls.kind !== 'plaintext' && tls.redirectHttp === true && (connections || port !== HTTPS_PORT)) {
    throw new MeshError(
      Code.INGRESS,
      `\`redirectHttp\` of ${quoted(hosts)} would send clients to port 443, and they are taken on port \`${port}\`${connections ? ' as connections' : ''}`,
      'leave `redirectHttp` out',
    );
  }
}

function requireOther(construct: Construct, entrance: EntranceIntent, other: Opened): void {
  const both = `at \`${other.construct.node.path}\` and again at \`${construct.node.path}\``;
  requirePortsApart(both, entrance, other.intent);
  const { tls } = entrance;
  const theirs = other.intent.tls;
  if (
    sharesGateway(entrance, other.intent) &&
    entrance.port === other.intent.port &&
    tls.kind === 'terminated' &&
    theirs.kind === 'terminated' &&
    tls.credentialName === theirs.credentialName
  ) {
    throw new MeshError(
      Code.INGRESS,
      `the certificate \`${tls.credentialName}\` is used ${both}: a browser that is connected to a host of one asks for those of the other on the same connection, and gets 404`,
      'name the `hosts` of both in one `IngressHost`, and let routes choose among them',
    );
  }
}

/** Browsers ask for every host of a certificate on a connection that they have, and a gateway looks at what it was opened for. */
function warnOfWildcards(mesh: Mesh, wide: Opened, narrow: Opened): void {
  const [mine, theirs] = [wide.intent, narrow.intent];
  if (!sharesGateway(mine, theirs) || mine.port !== theirs.port || mine.connections || theirs.connections) return;
  if (mine.tls.kind !== 'terminated' || theirs.tls.kind !== 'terminated') return;
  // No certificate has the name `*`.
  const wildcards = mine.hosts.filter((each) => each !== '*');
  const host = theirs.hosts.find((each) => wildcards.some((wildcard) => covers(wildcard, each)));
  const wildcard = wildcards.find((each) => host !== undefined && covers(each, host));
  if (wildcard === undefined || host === undefined) return;
  mesh._registry.warnings.add(
    describeProblem({
      code: Code.INGRESS_BELOW,
      message: `\`${host}\` (\`${narrow.construct.node.path}\`) is below \`${wildcard}\` (\`${wide.construct.node.path}\`), whose certificate is good for both: a browser that is connected to another host of the wildcard asks for \`${host}\` on that connection, and the service of the wildcard answers`,
      fix: 'name the hosts of both in one `IngressHost`, and let routes choose among them',
    }),
  );
}

/** Refuses one host twice on one port, and a port on which a gateway would have to listen to different things. */
function requirePortsApart(both: string, entrance: EntranceIntent, other: EntranceIntent): void {
  const taken = portsTaken(other);
  const shared = portsTaken(entrance).flatMap((mine) => taken.filter(({ port }) => port === mine.port).slice(0, 1));
  const twin = shared.length === 0 ? undefined : entrance.hosts.find((host) => other.hosts.includes(host));
  const clash = portsTaken(entrance).find(({ port, use }) =>
    taken.some((theirs) => theirs.port === port && (theirs.use !== use || use === 'TCP')),
  );
  if (clash !== undefined && sharesGateway(entrance, other)) {
    const theirs = taken.find(({ port }) => port === clash.port)?.use ?? '';
    throw new MeshError(
      Code.INGRESS_PORT,
      `port \`${clash.port}\` of the gateway is taken ${both}: once for ${theirs}, and once for ${clash.use}`,
      'give one of them another `gatewayPort`',
    );
  }
  const onlyRedirect = shared.every(({ port }) => port === HTTP_PORT) && entrance.port !== other.port;
  if (twin !== undefined) {
    throw new MeshError(
      Code.INGRESS_HOST_TWICE,
      `host \`${twin}\` is let in ${both}`,
      onlyRedirect
        ? 'say `redirectHttp: false` of the TLS of one of them, or leave the plain HTTP of the other to its redirect'
        : 'declare the host once as an `IngressHost`, and several routes `at` it with `paths` of their own',
    );
  }
}
