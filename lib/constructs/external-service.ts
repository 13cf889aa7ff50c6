import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import { overlap } from '../intent/address-range';
import type { Resolution } from '../intent/external';
import { isDnsName, requireServiceName } from '../intent/names';
import type { Port } from '../intent/port';
import { Protocol } from '../intent/port';
import { requireAddresses } from '../options/address';
import type { ResilienceOptions } from '../options/resilience';
import type { InboundAccess } from './access';
import type { AllowOptions, ICallee } from './allow';
import type { IPeer } from '../intent/peer';
import { declareExternal, externalEnforcement } from './external';
import type { ExternalEnforcement } from '../intent/enforcement';

/** Something outside the mesh at known addresses. */
export interface ExternalServiceProps extends ResilienceOptions {
  /** Name of the objects that describe it. */
  readonly name: string;
  /**
   * Its IP addresses, and ranges of them in CIDR notation, which need ports that are TCP, and no `host`. Addresses of metadata
   * servers (169.254.0.0/16, fe80::/10) are allowed here, since they are given literally.
   */
  readonly addresses: string[];
  /** Ports on which it is called. */
  readonly ports: Port[];
  /**
   * Name under which callers reach these addresses, which then share the load.
   * @default - callers use the addresses themselves, and each connection goes where its caller sent it
   */
  readonly host?: string;
  /**
   * Namespace of the objects that describe it.
   * @default - the chart's
   */
  readonly namespace?: string;
}

/**
 * Something outside the mesh at known addresses, such as a database. The mesh and the NetworkPolicies of its callers
 * allow exactly these addresses and ports.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { ExternalService, IstioMesh, Mesh, Port } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const orders = new ExternalService(chart, 'Orders', {
 *   name: 'orders-db', addresses: ['10.20.0.5'], ports: [Port.tcp(5432)],
 * });
 */
export class ExternalService extends Construct implements ICallee {
  /** Who may call it. */
  readonly access: InboundAccess;

  constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    givenShape<Omit<ExternalServiceProps, keyof ResilienceOptions>>('an external service', props, {
      name: 'text',
      addresses: 'text[]',
      ports: 'made:protocol[]',
      host: 'text?',
      namespace: 'text?',
    });
    const name = requireServiceName('external service', props.name);
    this.access = declareExternal(this, {
      name,
      namespace: props.namespace,
      host: requireHost(name, props),
      resolution: requireReachable(name, props),
      ports: props.ports,
      resilience: props,
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

function requireHost(name: string, { host, ports }: ExternalServiceProps): string {
  if (host === undefined) {
    const named = ports.find((port) => port.carriesRequests);
    if (named !== undefined) {
      throw new MeshError(
        Code.EXTERNAL_HOST,
        `port \`${named.name}\` of \`${name}\` carries requests, which name a host, and no \`host\` is given`,
        'give the `host` that callers use, or declare the port with `Port.tcp`',
      );
    }
    return `${name}.external.internal`;
  }
  if (!isDnsName(host) || !host.includes('.')) {
    throw new MeshError(
      Code.EXTERNAL_HOST,
      `host \`${host}\` of \`${name}\` is not a full DNS name`,
      'write it in lower case with its domain, for example `db.example.com`',
    );
  }
  return host;
}

function requireReachable(name: string, { host, addresses, ports }: ExternalServiceProps): Resolution {
  if (addresses.length === 0) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `\`${name}\` has no addresses`,
      'give its `addresses`, or use `ExternalHost` for a DNS name',
    );
  }
  addresses.forEach((address, index) => {
    requireAddresses(`address of \`${name}\``, address);
    const twin = addresses.slice(0, index).find((other) => overlap(other, address));
    if (twin !== undefined) {
      throw new MeshError(
        Code.EXTERNAL_ADDRESS,
        `\`${name}\` has ${twin === address ? `\`${address}\` twice` : `addresses that \`${twin}\` and \`${address}\` have in common`}`,
        'give each address once',
      );
    }
  });
  addresses.filter((address) => address.includes('/')).forEach((range) => requireRange(name, range, { host, ports }));
  return { kind: host === undefined ? 'addresses' : 'static', addresses };
}

/** Refuses a range where something must be known of each address in it. */
function requireRange(
  name: string,
  range: string,
  { host, ports }: Pick<ExternalServiceProps, 'ports'> & { readonly host: string | undefined },
): void {
  if (host !== undefined) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `\`${name}\` has the range \`${range}\` and the host \`${host}\`, whose load single addresses share`,
      'give its addresses one by one, or leave `host` out',
    );
  }
  const encrypted = ports.find(({ protocol }) => protocol !== Protocol.TCP);
  if (encrypted !== undefined) {
    throw new MeshError(
      Code.EXTERNAL_ADDRESS,
      `port \`${encrypted.name}\` of \`${name}\` is \`${encrypted.protocol}\`, which proxies tell apart by server names where the address is the range \`${range}\``,
      'declare the port with `Port.tcp`, or give the addresses one by one',
    );
  }
}
