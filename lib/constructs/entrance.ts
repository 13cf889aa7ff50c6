import type { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { EntranceIntent, EntranceTls } from '../intent/entrance';
import { requireHosts } from '../intent/entrance';
import { requireDnsLabel } from '../intent/names';
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
}

/** Registers hosts that a construct opens at the gateway, and emits what opens them. */
export function openHosts(construct: Construct, mesh: Mesh, parts: EntranceParts): EntranceIntent {
  const hosts = requireHosts(parts.hosts, parts.wildcard ?? false);
  if (!(parts.tls instanceof IngressTls)) {
    throw new MeshError(
      Code.INGRESS,
      `${quoted(hosts)} has no \`tls\``,
      'use `IngressTls.credential` with the name of the Secret that has the certificate, or `IngressTls.plaintext()` where you mean it',
    );
  }
  const intent: EntranceIntent = {
    namespace: requireDnsLabel('namespace', parts.namespace),
    name: requireDnsLabel('ingress', parts.name),
    hosts,
    tls: named(parts.tls._intent, `${parts.namespace}-${parts.name}`),
  };
  if (intent.tls.kind === 'passthrough' && hosts.includes('*')) {
    throw new MeshError(
      Code.INGRESS,
      '`*` cannot be passed through, since the gateway tells connections apart by their server name',
      'name the hosts, or a domain such as `*.example.com`',
    );
  }
  if (intent.tls.kind === 'terminated' && intent.tls.certificate !== undefined && hosts.includes('*')) {
    throw new MeshError(
      Code.INGRESS,
      '`*` is no name that a certificate can have',
      'name the hosts, or a domain such as `*.example.com`',
    );
  }
  if (mesh._provider.ingressGateway === undefined) {
    throw new MeshError(
      Code.GATEWAY_UNKNOWN,
      `the ingress gateway, which shall open ${quoted(hosts)} to \`${intent.namespace}/${intent.name}\`, is not known`,
      `give \`ingressGateway\` to \`${mesh._provider.name}\``,
    );
  }
  for (const other of mesh._registry.entrances) {
    requireOther(construct, intent, other);
  }
  mesh._registry.entrances.push({ construct, intent });
  mesh._provider.entranceObjects(intent).forEach((plan) => emit(construct, mesh, plan));
  return intent;
}

/** TLS whose certificate has a name, and hosts that a certificate can have. */
function named(tls: EntranceTls, name: string): EntranceTls {
  return tls.kind === 'terminated' && tls.credentialName === ''
    ? { ...tls, credentialName: requireDnsLabel('credentialName', name) }
    : tls;
}

function requireOther(
  construct: Construct,
  { hosts, tls }: EntranceIntent,
  other: { readonly construct: Construct | { readonly node: Construct['node'] }; readonly intent: EntranceIntent },
): void {
  const both = `at \`${other.construct.node.path}\` and again at \`${construct.node.path}\``;
  const twin = hosts.find((host) => other.intent.hosts.includes(host));
  if (twin !== undefined) {
    throw new MeshError(
      Code.INGRESS_HOST_TWICE,
      `host \`${twin}\` is let in ${both}`,
      'declare the host once as an `IngressHost`, and several routes `at` it with `paths` of their own',
    );
  }
  const theirs = other.intent.tls;
  if (tls.kind === 'terminated' && theirs.kind === 'terminated' && tls.credentialName === theirs.credentialName) {
    throw new MeshError(
      Code.INGRESS,
      `the certificate \`${tls.credentialName}\` is used ${both}: a browser that is connected to a host of one asks for those of the other on the same connection, and gets 404`,
      'name the `hosts` of both in one `IngressHost`, and let routes choose among them',
    );
  }
}
