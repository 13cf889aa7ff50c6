import type { Construct } from 'constructs';
import { Code, MeshError, describeProblem, quoted } from '../errors';
import { givenPeer, givenShape } from '../intent/given';
import type { Grant } from '../intent/access';
import { openedPorts } from '../intent/access';
import { requireDay } from '../intent/end-date';
import { byCodeUnits, isDnsName } from '../intent/names';
import type { CalleeRef, CallerRef, IPeer } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { RestrictionKind, Restrictions } from '../intent/restriction';
import { serviceKey } from '../intent/service';
import type { TokenIssuer } from '../intent/token-issuer';
import type { AllowOptions } from './allow';
import type { Mesh } from './mesh';
import { warnOfDots } from './path-warnings';

/** A callee as its access sees it. */
export interface Callee {
  readonly construct: Construct;
  readonly ref: CalleeRef;
  readonly name: string;
  readonly ports: readonly Port[];
  /** Whether undeclared calls are refused, by the mesh and by NetworkPolicies. */
  readonly locked: boolean;
  /** Whether something outside has a gateway in front that compares operations. */
  readonly narrows?: boolean;
  /** Called when the Kubernetes API may call these ports. */
  readonly openToKubernetesApi: (ports: readonly Port[]) => void;
  /** Called with what limits calls besides grants. */
  readonly restrict: <K extends RestrictionKind>(kind: K, restriction: Restrictions[K][number]) => void;
}

/** The grant that a user asks for; refuses what cannot be granted. */
export function checkedGrant(mesh: Mesh, callee: Callee, peer: IPeer, options: AllowOptions): Grant {
  const caller = givenPeer(`a caller of \`${callee.name}\``, peer);
  givenShape(`a grant to call \`${callee.name}\``, options, {
    ports: 'text[]?',
    operations: 'made:methods[]?',
    until: 'text?',
    addresses: 'made:_condition?',
    serverNames: 'text[]?',
    claims: 'made:names[]?',
    tokenFrom: 'made:issuer[]?',
  });
  requireLimits(callee, options);
  const grant = {
    caller,
    callee: callee.ref,
    ...(options.ports === undefined ? {} : { ports: options.ports }),
    operations: options.operations ?? [],
    ...grantConditions(options),
    ...(options.until === undefined ? {} : { until: requireDay('until', options.until) }),
  };
  refuseEnforcement(callee, options);
  requireConditionsKept(callee, grant);
  requirePeer(mesh, caller, callee);
  const opened = openedPorts(callee.name, callee.ports, grant);
  mesh._require({ kind: 'grant', grant });
  const http = grant.operations.filter(({ isGrpc }) => !isGrpc);
  warnOfDots(
    mesh,
    `a grant to call \`${callee.name}\``,
    http.flatMap(({ paths }) => paths),
  );
  if (caller.kind === 'kubernetesApi') {
    requirePortsOnly(callee, options);
    callee.openToKubernetesApi(opened.ports);
  }
  if (
    caller.kind === 'serviceAccount' &&
    caller.podLabels === undefined &&
    caller.foreign === undefined &&
    callee.locked
  ) {
    mesh._registry.warnings.add(wideNetworkWarning(caller.namespace, caller.serviceAccount, callee.name));
  }
  return grant;
}

/** Refuses limits that are lists of nothing: what a program has computed to be empty must not open everything. */
function requireLimits(callee: Callee, { operations, claims }: AllowOptions): void {
  const empty = operations?.length === 0 ? 'operations' : claims?.length === 0 ? 'claims' : undefined;
  if (empty !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `a grant to call \`${callee.name}\` has empty \`${empty}\`, which would limit nothing`,
      `name some, or leave \`${empty}\` out to mean that`,
    );
  }
}

/** Whoever scrapes ports of applications, as a caller. */
export function scraper(mesh: Mesh, callee: Callee): IPeer {
  const ref = mesh._provider.scraper;
  if (ref === undefined) {
    throw new MeshError(
      Code.GRANT,
      `whoever shall scrape \`${callee.name}\` has no known identity`,
      `give \`scraper\` to \`${mesh._provider.name}\`, or let proxies merge the metrics of applications, which needs no grant`,
    );
  }
  return { _caller: () => ref };
}

/** Refuses to rehearse one grant: under the enforced default deny it would refuse its caller. */
function refuseEnforcement(callee: Callee, options: AllowOptions): void {
  if ('enforcement' in options) {
    throw new MeshError(
      Code.DRY_RUN,
      `a single grant to call \`${callee.name}\` cannot be in dry run: it would grant nothing, and refuse its caller`,
      'give `enforcement` to the service or the namespace, whose denials are then rehearsed',
    );
  }
}

function grantConditions({ addresses, serverNames, claims, tokenFrom }: AllowOptions): Pick<Grant, 'conditions'> {
  const conditions = {
    ...(addresses === undefined ? {} : { addresses: addresses._condition }),
    ...(serverNames === undefined ? {} : { serverNames: requireServerNames(serverNames) }),
    ...(claims === undefined ? {} : { claims }),
    ...(tokenFrom === undefined ? {} : { issuers: issuerNames(tokenFrom) }),
  };
  return Object.keys(conditions).length === 0 ? {} : { conditions };
}

function issuerNames(issuers: readonly TokenIssuer[]): readonly string[] {
  if (issuers.length === 0) {
    throw new MeshError(Code.TOKEN, '`tokenFrom` of a grant is empty', 'name the issuers, or leave it out');
  }
  return [...new Set(issuers.map(({ issuer }) => issuer))].sort(byCodeUnits);
}

/** Refuses conditions on calls that leave the mesh, where nobody would look at them. */
function requireConditionsKept(callee: Callee, { conditions, operations }: Grant): void {
  if (operations.length > 0 && callee.ref.kind === 'external' && callee.narrows !== true) {
    throw new MeshError(
      Code.GRANT,
      `\`operations\` of a grant to call \`${callee.name}\` would be looked at by nobody, since it has no proxy of the mesh`,
      'leave them out, or lead its calls through an `EgressGateway`, which looks at them',
    );
  }
  if (conditions !== undefined && callee.ref.kind !== 'service') {
    throw new MeshError(
      Code.CONDITION,
      `${quoted(Object.keys(conditions))} of a grant to call \`${callee.name}\` would be looked at by nobody, since it has no proxy of the mesh`,
      'leave it out, or put it on the grant to call the service in front',
    );
  }
}

function requireServerNames(names: readonly string[]): readonly string[] {
  const wrong = names.find((name) => !isDnsName(name));
  if (wrong !== undefined || names.length === 0) {
    throw new MeshError(
      Code.CONDITION,
      wrong === undefined ? '`serverNames` is empty' : `server name \`${wrong}\` is not a DNS name`,
      'write full names in lower case, for example `webhook.shop.svc`',
    );
  }
  return [...new Set(names)].sort(byCodeUnits);
}

/** Refuses a caller that the callee cannot know. */
export function requirePeer(mesh: Mesh, caller: CallerRef, callee: Callee): void {
  requireKnown(mesh, `a grant to \`${callee.name}\``, [caller]);
  if (callee.ref.kind !== 'service' && caller.kind !== 'service') {
    throw new MeshError(
      Code.GRANT,
      `${describeRef(caller)} cannot be allowed to call \`${callee.name}\`, since only services have a proxy that this app configures`,
      'allow a `MeshedService`',
    );
  }
  if (caller.kind === 'ingressGateway' && caller.own === undefined && mesh._provider.ingressGateway === undefined) {
    throw new MeshError(
      Code.GATEWAY_UNKNOWN,
      `the ingress gateway, which shall call \`${callee.name}\`, has no known identity`,
      `give \`ingressGateway\` to \`${mesh._provider.name}\``,
    );
  }
  if (caller.kind === 'kubernetesApi') {
    requireKubernetesApi(mesh, callee.name);
  }
}

/** Refuses services that are declared under another mesh. */
export function requireKnown(mesh: Mesh, where: string, peers: readonly CallerRef[]): void {
  const stranger = peers.find((peer) => peer.kind === 'service' && !mesh._registry.services.has(serviceKey(peer)));
  if (stranger !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `${describeRef(stranger)}, which ${where} names, is declared under another mesh`,
      'use `MeshedService.fromRef` for services of another mesh or app',
    );
  }
}

/** Refuses the Kubernetes API as a peer where its addresses are unknown. */
export function requireKubernetesApi(mesh: Mesh, other: string): void {
  if (!mesh._provider.kubernetesApiKnown) {
    throw new MeshError(
      Code.KUBERNETES_API_UNKNOWN,
      `the Kubernetes API is a peer of \`${other}\`, and its addresses are unknown`,
      `give \`kubernetesApi: { cidrs, port }\` to \`${mesh._provider.name}\``,
    );
  }
}

function requirePortsOnly(callee: Callee, options: AllowOptions): void {
  if (options.ports === undefined || options.operations !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `the Kubernetes API has no identity, so a grant to it opens ports of \`${callee.name}\` to plain text, and needs them by name and nothing else`,
      "give `{ ports: ['…'] }` and no `operations`",
    );
  }
}

function wideNetworkWarning(namespace: string, serviceAccount: string, callee: string): string {
  return describeProblem({
    code: Code.NETWORK_WIDE,
    message: `the NetworkPolicy of \`${callee}\` admits every pod of namespace \`${namespace}\`, since the pods of service account \`${serviceAccount}\` are unknown; the mesh itself admits only the account`,
    fix: 'give `podLabels` to `Peer.serviceAccount`',
  });
}
