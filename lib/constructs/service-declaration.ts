import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import { didYouMean, requireDnsLabel } from '../intent/names';
import type { Operation } from '../intent/operation';
import type { ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { distinctPorts } from '../intent/port';
import type { NamedLevel } from '../intent/levels';
import { mergeResilience } from '../intent/resilience';
import { requireConsistent } from '../intent/resilience-checks';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { requireStreams } from '../intent/treatment';
import type { Enforcement } from '../options/enforcement';
import type { InitContainers } from '../options/init-containers';
import { initCalls } from '../options/init-containers';
import type { ProxyOptions } from '../options/proxy';
import { proxySettings } from '../options/proxy';
import type { UnprotectedPort } from '../options/unprotected-port';
import type { ResilienceOptions } from '../options/resilience';
import { resilienceLevel } from '../options/resilience';
import type { Mesh } from './mesh';
import type { IMeshNamespace } from './namespace';
import { requireHeadless } from './headless';
import { announceDryRun } from './rehearse';
import { unprotectedOf } from './unprotected';
import type { Workload } from './workload';

/** A service of the mesh. */
export interface MeshedServiceProps extends ResilienceOptions {
  /** Name of the Kubernetes Service, by which callers reach it. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * The pods behind it.
   * @default - a `CanaryRelease` brings one workload for each version
   */
  readonly workload?: Workload;
  /**
   * Ports on which it can be called.
   * @default - none: a workload that only calls
   */
  readonly ports?: Port[];
  /**
   * Whether its Service has no address of its own (`clusterIP: None`), so that callers choose a pod, by its address or by the name that
   * a StatefulSet gives it, such as `db-0.db.shop.svc.cluster.local`. A grant and its policies hold for every pod. Ports of such a
   * Service are those of the containers, nobody balances its load, and it has no versions.
   * @default false
   */
  readonly headless?: boolean;
  /**
   * Requests that may stay open although their port is not `streaming`: they get no timeout.
   * @default - none
   */
  readonly streamingOperations?: Operation[];
  /**
   * Service account that its pods run under.
   * @default - the one that the workload names; where it names none, one with the name of the service is made
   */
  readonly serviceAccount?: string;
  /**
   * Whether other services may run under the same service account. A grant to one of them then opens the others, and
   * what one may call the others may call, too.
   * @default false
   */
  readonly sharedIdentity?: boolean;
  /**
   * Whether calls to it are refused.
   * @default - what its namespace says, by default `Enforcement.enforced()`
   */
  readonly enforcement?: Enforcement;
  /**
   * Whether the Kubernetes Service is delivered by somebody else. A Service in the same app is adopted by itself.
   * @default false
   */
  readonly existingService?: boolean;
  /**
   * Whether a NetworkPolicy is made for the pods in a zero-trust namespace. Without it, the namespace's default deny
   * cuts them off until a policy of yours opens what they need.
   * @default - true, where there are pods
   */
  readonly networkPolicy?: boolean;
  /**
   * Resources and start of the proxy beside each pod.
   * @default - the mesh's
   */
  readonly proxy?: ProxyOptions;
  /**
   * What its init containers do. Those that call others need native sidecars, and are an error without.
   * @default - unknown: in a zero-trust namespace without native sidecars, init containers are warned of
   */
  readonly initContainers?: InitContainers;
  /**
   * Ports whose connections pass the proxy by, without mutual TLS and policies. Each is warned of.
   * @default - none
   */
  readonly unprotectedPorts?: UnprotectedPort[];
  /**
   * Names of further providers of the mesh (external authorization) that its proxy calls.
   * @default - the tracing and access log providers of the mesh
   */
  readonly providers?: string[];
}

/** What is known about a service as soon as it is declared. */
export function declareService(mesh: Mesh, namespace: IMeshNamespace, props: MeshedServiceProps): ServiceDeclaration {
  givenShape<Omit<MeshedServiceProps, keyof ResilienceOptions>>('a service', props, {
    name: 'text',
    namespace: 'made:namespaceName?',
    workload: 'made:_source?',
    ports: 'anything[]?',
    headless: 'flag?',
    unprotectedPorts: 'made:_intent[]?',
    streamingOperations: 'made:methods[]?',
    serviceAccount: 'text?',
    sharedIdentity: 'flag?',
    enforcement: 'made:_dryRun?',
    existingService: 'flag?',
    networkPolicy: 'flag?',
    proxy: 'object?',
    initContainers: 'anything?',
    providers: 'text[]?',
  });
  const ref: ServiceRef = { kind: 'service', namespace: namespace.namespaceName, name: props.name };
  const { always, optional } = mesh._provider.providers;
  for (const name of props.providers ?? []) {
    if (![...always, ...optional].includes(name)) {
      throw new MeshError(
        Code.PROVIDER_UNKNOWN,
        `unknown provider \`${name}\` on \`${serviceKey(ref)}\`, the mesh has ${quoted([...always, ...optional]) || 'none'}${didYouMean(name, [...always, ...optional])}`,
        'add it to `providers` of the mesh',
      );
    }
  }
  const ports = distinctPorts(serviceKey(ref), props.ports ?? []);
  requireOneProtocolEach(serviceKey(ref), ports);
  const said = resilienceLevel(props);
  const resilience = mergeResilience(mesh._provider.resilience, namespace._resilience, said);
  requireConsistent(`\`${serviceKey(ref)}\``, ports, said, resilience);
  if (props.headless ?? false) {
    requireHeadless(serviceKey(ref), ports, said);
  }
  const streamingOperations = props.streamingOperations ?? [];
  requireStreams(serviceKey(ref), ports, streamingOperations, said);
  return {
    ref,
    owned: true,
    locked: namespace._locked,
    ports,
    streamingOperations,
    resilience,
    providers: [...new Set([...always, ...(props.providers ?? [])])],
    proxy: proxySettings(mesh._provider.proxy, props.proxy),
    ...(props.initContainers === undefined ? {} : { initContainers: initCalls(serviceKey(ref), props.initContainers) }),
    ...unprotectedOf(mesh, serviceKey(ref), ports, props.unprotectedPorts ?? []),
    networkPolicy: props.networkPolicy ?? !isMachines(props.workload),
    sharedIdentity: props.sharedIdentity ?? false,
    ...((props.headless ?? false) ? { headless: true } : {}),
    ...dryRunOf(mesh, ref, namespace, props.enforcement),
  };
}

/** Whether no NetworkPolicy could select what is behind a service. */
function isMachines(workload: Workload | undefined): boolean {
  const source = workload?._source;
  return source?.kind === 'external' && source.machines !== undefined;
}

/** What is said for all calls to a service, from the mesh down to itself. */
export function levelsOfService(
  mesh: Mesh,
  namespace: IMeshNamespace,
  props: MeshedServiceProps,
): readonly NamedLevel[] {
  return [
    { name: 'mesh', said: mesh._provider.resilience },
    { name: `namespace \`${namespace.namespaceName}\``, said: namespace._resilience },
    { name: 'service', said: resilienceLevel(props) },
  ];
}

/** The service's own dry run, else that of its namespace. */
function dryRunOf(
  mesh: Mesh,
  ref: ServiceRef,
  namespace: IMeshNamespace,
  enforcement: Enforcement | undefined,
): Pick<ServiceDeclaration, 'dryRun'> {
  if (enforcement === undefined) {
    return namespace._dryRun === undefined ? {} : { dryRun: namespace._dryRun };
  }
  if (enforcement._dryRun === undefined) {
    return {};
  }
  announceDryRun(mesh, `\`${serviceKey(ref)}\``, enforcement._dryRun);
  return { dryRun: enforcement._dryRun };
}

/** Refuses two protocols on one container port, of which the proxy could expect only one. */
function requireOneProtocolEach(service: string, ports: readonly Port[]): void {
  for (const port of ports) {
    const other = ports.find((p) => p.containerPort === port.containerPort && p.protocol !== port.protocol);
    if (other !== undefined) {
      throw new MeshError(
        Code.PORT_TWICE,
        `ports \`${port.name}\` and \`${other.name}\` of \`${service}\` speak different protocols on one container port \`${port.containerPort}\``,
        'declare the protocol that the application speaks there, or give each a `containerPort` of its own',
      );
    }
  }
}

/** Refuses the account that everybody has as a service's identity. */
export function requireAccount(service: string, name: string): string {
  if (name === 'default') {
    throw new MeshError(
      Code.SERVICE_ACCOUNT_DEFAULT,
      `\`${service}\` shall run under service account \`default\`, which every pod without an account of its own has`,
      'leave `serviceAccount` out to get one of its own',
    );
  }
  return requireDnsLabel('serviceAccount', name);
}
