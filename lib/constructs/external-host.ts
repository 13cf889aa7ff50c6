import { Construct } from 'constructs';
import { Code, MeshError, describeProblem, quoted } from '../errors';
import { givenShape } from '../intent/given';
import type { Resolution } from '../intent/external';
import { isAddressName, isDnsName, requireDnsLabel } from '../intent/names';
import type { Port } from '../intent/port';
import { Protocol } from '../intent/port';
import type { ResilienceOptions } from '../options/resilience';
import type { InboundAccess } from './access';
import type { TlsOrigination } from '../options/tls-origination';
import { originatedTls } from '../options/tls-origination';
import type { AllowOptions, ICallee } from './allow';
import type { EgressGateway } from './egress-gateway';
import type { IPeer } from '../intent/peer';
import { declareExternal, externalEnforcement } from './external';
import type { ExternalEnforcement } from '../intent/enforcement';
import { Mesh } from './mesh';

/** How the addresses behind a wildcard are found. */
export enum WildcardResolution {
  /** The proxy resolves the name of each request when it comes (Istio 1.30 or newer). */
  DYNAMIC_DNS = 'dynamicDns',
  /**
   * Not at all: a connection goes to the address to which its caller sent it, and **nobody checks that the name in it belongs
   * to that address**. A caller that forges the server name reaches every address. Every version of Istio can do it, and each
   * use is warned of.
   */
  UNVERIFIED_ADDRESSES = 'unverifiedAddresses',
}

const WILDCARDS: Readonly<Record<WildcardResolution, Resolution>> = {
  [WildcardResolution.DYNAMIC_DNS]: { kind: 'dynamicDns' },
  [WildcardResolution.UNVERIFIED_ADDRESSES]: { kind: 'unverified' },
};

/** A host outside the mesh. */
export interface ExternalHostProps extends ResilienceOptions {
  /** Its DNS name. `*.example.com` needs `wildcard`. */
  readonly host: string;
  /** Ports on which it is called. */
  readonly ports: Port[];
  /**
   * Allows `host` to begin with `*.`, and says how addresses are found then.
   * @default - wildcards are refused
   */
  readonly wildcard?: WildcardResolution;
  /**
   * TLS that the mesh starts for callers that speak HTTP or gRPC in clear text, on all ports where they do.
   * @default - none: calls leave as their callers make them
   */
  readonly originateTls?: TlsOrigination;
  /**
   * Gateway through which its calls leave the mesh. Such a host has one port.
   * @default - none: they leave from the pods of its callers
   */
  readonly through?: EgressGateway;
  /**
   * Name of the objects that describe it.
   * @default - the host with `-` for `.`, and `wildcard-` for `*.`
   */
  readonly name?: string;
  /**
   * Namespace of the objects that describe it.
   * @default - the chart's
   */
  readonly namespace?: string;
}

/**
 * A host outside the mesh, known by its DNS name. Only services that are allowed to call it know it.
 *
 * Names are enforced by the caller's proxy alone, unless calls go `through` an egress gateway: below the proxy, the NetworkPolicy
 * can open only the port, to every public address. Processes that evade their proxy reach all of these. `enforcement()` says
 * which of the two it is.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { ExternalHost, IstioMesh, Mesh, Port } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const stripe = new ExternalHost(chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
 */
export class ExternalHost extends Construct implements ICallee {
  /** Who may call it. */
  readonly access: InboundAccess;

  constructor(scope: Construct, id: string, props: ExternalHostProps) {
    super(scope, id);
    givenShape<Omit<ExternalHostProps, keyof ResilienceOptions>>('a host outside the mesh', props, {
      host: 'text',
      ports: 'made:protocol[]',
      name: 'text?',
      namespace: 'text?',
      wildcard: 'text?',
      originateTls: 'made:_said?',
      through: 'made:_gateway?',
    });
    const resolution = requireHost(props.host, props.wildcard);
    requireOnePort(props);
    if (resolution.kind === 'unverified') {
      Mesh.of(this)._registry.warnings.add(unverifiedWarning(props.host));
    }
    this.access = declareExternal(this, {
      name: requireDnsLabel('name of the external host', props.name ?? objectName(props.host)),
      namespace: props.namespace,
      host: props.host,
      resolution,
      ports: requirePorts(props.host, props.ports, resolution),
      resilience: props,
      tls: props.originateTls === undefined ? undefined : originatedTls(props.host, props.ports, props.originateTls),
      through: props.through,
    });
  }

  /**
   * What still holds for processes of its callers that evade their proxy: for the caller for whom least does, of those that were
   * allowed up to now.
   */
  enforcement(): ExternalEnforcement {
    return externalEnforcement(this);
  }

  /**
   * @internal
   */
  _allowFrom(caller: IPeer, _scope: Construct, options: AllowOptions): void {
    this.access.allowFrom(caller, options);
  }
}

function unverifiedWarning(host: string): string {
  return describeProblem({
    code: Code.NAMES_UNVERIFIED,
    message: `callers of \`${host}\` reach every public address on its ports, since nobody checks that the name they give belongs to the address`,
    fix: 'name each host, or use `WildcardResolution.DYNAMIC_DNS` from Istio 1.30 on',
  });
}

/** A name for the objects of a host; one that is longer than 63 characters needs a name of its own. */
function objectName(host: string): string {
  return host.replace(/^\*\./, 'wildcard.').replace(/\./g, '-');
}

function requireHost(host: string, wildcard: WildcardResolution | undefined): Resolution {
  const starred = host.startsWith('*.');
  const name = starred ? host.slice(2) : host;
  if (!isDnsName(name) || !name.includes('.') || isAddressName(name)) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `\`${host}\` is not the full DNS name of a host outside the mesh`,
      host === '*'
        ? 'name each host, or a domain with `*.example.com` and `wildcard: WildcardResolution.DYNAMIC_DNS`'
        : 'write it in lower case with its domain, for example `api.example.com`; for addresses use `ExternalService`',
    );
  }
  if (wildcard !== undefined && !Object.values(WildcardResolution).includes(wildcard)) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `\`wildcard\` of \`${host}\` is \`${wildcard}\``,
      'use a value of `WildcardResolution`',
    );
  }
  if (starred && wildcard === undefined) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `\`${host}\` is a wildcard, which lets callers reach every host of that domain`,
      'name each host, or say `wildcard: WildcardResolution.DYNAMIC_DNS`',
    );
  }
  if (!starred && wildcard !== undefined) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `\`${host}\` has \`wildcard\` but is no wildcard`,
      'leave `wildcard` out, or write `*.example.com`',
    );
  }
  return wildcard === undefined ? { kind: 'dns' } : WILDCARDS[wildcard];
}

function requirePorts(host: string, ports: readonly Port[], resolution: Resolution): readonly Port[] {
  const named = ports.find((port) => port.carriesRequests);
  if (resolution.kind !== 'dns' && named !== undefined) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `port \`${named.name}\` of the wildcard \`${host}\` carries requests, whose timeout and retries no route can set for a wildcard`,
      'declare it with `Port.https`, or name each host',
    );
  }
  const tcp = ports.find(({ protocol }) => protocol === Protocol.TCP);
  if (tcp !== undefined) {
    throw new MeshError(
      Code.EXTERNAL_TCP,
      `port \`${tcp.name}\` of \`${host}\` is TCP, where nothing but addresses tells one host from another`,
      resolution.kind === 'dns'
        ? 'use `ExternalService` with `host` and its `addresses`'
        : 'use `ExternalService` with `addresses`',
    );
  }
  return ports;
}

/** Refuses what a gateway could not tell apart: it knows a host by one server name, and sees no other port. */
function requireOnePort({ host, ports, through }: ExternalHostProps): void {
  if (through !== undefined && ports.length > 1) {
    throw new MeshError(
      Code.EGRESS_GATEWAY,
      `\`${host}\` has the ports ${quoted(ports.map(({ name }) => name))}, and goes through a gateway, which tells hosts apart and not their ports`,
      'give it the one port that is called, or leave `through` out',
    );
  }
}
