import { Code, MeshError, describeProblem } from '../errors';
import type { Scope } from '../intent/access';
import { scopedPorts } from '../intent/access';
import { requirePossible } from '../intent/grant-conditions';
import type { PathMatch } from '../intent/path-match';
import { PathMatchKind } from '../intent/path-match';
import type { Port } from '../intent/port';
import type { Audit, Check, Denial, DeniedCallers, TokenRequirement } from '../intent/restriction';
import { describeDenied } from '../intent/restriction';
import { tokenPorts } from '../intent/tokens';
import { requireProvider } from './ask-provider';
import type { Callee } from './grant';
import { requirePeer } from './grant';
import type { Mesh } from './mesh';
import type { DenyOptions, RequestOptions, RequireTokenOptions } from './restrict-options';

/** The denial that a user asks for; refuses what would be passed, or would do nothing. */
export function checkedDenial(mesh: Mesh, callee: Callee, callers: DeniedCallers, options: DenyOptions): Denial {
  const { name } = callee;
  const { addresses } = options;
  const what = `a denial of ${describeDenied(callers)}`;
  const denial: Denial = {
    callers,
    ...scopeOf(options),
    ...(addresses === undefined ? {} : { addresses: addresses._condition }),
  };
  const peers = callers.kind === 'peer' ? [callers.peer] : callers.kind === 'allBut' ? callers.peers : [];
  if (peers.some(({ kind }) => kind === 'kubernetesApi')) {
    throw new MeshError(
      Code.DENIAL,
      `${what} at \`${name}\` cannot tell the Kubernetes API, which has no identity of the mesh`,
      'remove its grant, or leave it out of the exceptions and give it a port that is not denied',
    );
  }
  peers.forEach((peer) => requirePeer(mesh, peer, callee));
  requireSome(what, name, callers, options);
  if (callers.kind === 'peer' && !callee.locked) {
    throw new MeshError(
      Code.DENIAL,
      `${what} at \`${name}\` would be passed by a call in plain text, which its namespace takes and which has no identity`,
      'put the service into a `ZeroTrustNamespace`, or use `denyFromAllBut` with those who may call',
    );
  }
  const { ports } = scopedPorts(() => what, name, callee.ports, denial);
  if (callers.kind !== 'peer' && addresses?._condition.of === 'client') {
    throw new MeshError(
      Code.CONDITION,
      `${what} at \`${name}\` has addresses of clients, which only the ingress gateway can tell`,
      'use `denyFrom(Peer.ingressGateway(), …)`',
    );
  }
  if (callers.kind === 'peer') {
    requirePossible(what, name, ports, callers.peer, denial);
  }
  mesh._require({ kind: 'restriction', what: `${what} at \`${name}\``, ...denial });
  const http = denial.operations.filter(({ isGrpc }) => !isGrpc).flatMap(({ paths }) => paths);
  warnOfSlashes(mesh, what, name, http);
  return denial;
}

/** The check by a provider that a user asks for. */
export function checkedCheck(mesh: Mesh, callee: Callee, provider: string, options: RequestOptions): Check {
  requireProvider(mesh, callee.name, provider);
  return { provider, ...requestScope(mesh, callee, `a check by \`${provider}\``, options) };
}

/** The marking for records that a user asks for. */
export function checkedAudit(mesh: Mesh, callee: Callee, options: RequestOptions): Audit {
  mesh._require({ kind: 'audit', service: callee.name });
  return requestScope(mesh, callee, 'an audit', options);
}

/** The token requirement that a user asks for. */
export function checkedTokens(mesh: Mesh, callee: Callee, options: RequireTokenOptions): TokenRequirement {
  const { issuers, ports, paths = [], exceptPaths = [], exceptPreflight = false } = options;
  const what = 'a token requirement';
  if (issuers.length === 0) {
    throw new MeshError(
      Code.TOKEN,
      `${what} at \`${callee.name}\` names no issuer`,
      'give the `issuers` whose tokens are taken',
    );
  }
  if (options.paths?.length === 0) {
    throw new MeshError(
      Code.TOKEN,
      `${what} at \`${callee.name}\` has empty \`paths\``,
      'leave `paths` out for every path',
    );
  }
  tokenPorts(callee.name, callee.ports, options);
  const scope = { operations: [{ paths: [...paths, ...exceptPaths] }] };
  mesh._require({ kind: 'restriction', what: `${what} at \`${callee.name}\``, ...scope });
  warnOfSlashes(mesh, what, callee.name, paths);
  return { issuers, ...(ports === undefined ? {} : { ports }), paths, exceptPaths, exceptPreflight };
}

function scopeOf({ ports, operations }: RequestOptions): Scope {
  return { ...(ports === undefined ? {} : { ports }), operations: operations ?? [] };
}

/** A scope on ports that carry requests, by default all of these. */
function requestScope(mesh: Mesh, callee: Callee, what: string, options: RequestOptions): Scope {
  const { name } = callee;
  const all = callee.ports.filter((port) => port.carriesRequests).map((port) => port.name);
  const scope = { ...scopeOf(options), ports: options.ports ?? all };
  const { ports } = scopedPorts(() => what, name, callee.ports, scope);
  requireRequests(what, name, ports);
  mesh._require({ kind: 'restriction', what: `${what} at \`${name}\``, operations: scope.operations });
  return scope;
}

function requireRequests(what: string, name: string, ports: readonly Port[]): void {
  const blind = ports.find((port) => !port.carriesRequests);
  if (blind !== undefined) {
    throw new MeshError(
      Code.OPERATION_ON_TCP,
      `${what} is about requests, and the mesh sees none on port \`${blind.name}\` of \`${name}\`, which is \`${blind.protocol}\``,
      'name the HTTP or gRPC `ports`',
    );
  }
}

/** Refuses a denial of everything to everybody, or with an empty list of exceptions. */
function requireSome(what: string, name: string, callers: DeniedCallers, options: DenyOptions): void {
  const { ports, operations, addresses } = options;
  if (callers.kind === 'everybody' && (ports ?? operations ?? addresses) === undefined) {
    throw new MeshError(
      Code.DENIAL,
      `${what} at \`${name}\` would refuse every call`,
      'name `operations`, `ports` or `addresses`; without grants a service of a `ZeroTrustNamespace` refuses everybody already',
    );
  }
  if (callers.kind === 'allBut' && callers.peers.length === 0) {
    throw new MeshError(
      Code.DENIAL,
      `\`denyFromAllBut\` at \`${name}\` excepts nobody`,
      'name those who may call, or use `denyFromAll`',
    );
  }
  if (operations?.length === 0) {
    throw new MeshError(
      Code.DENIAL,
      `${what} at \`${name}\` has empty \`operations\``,
      'leave `operations` out to deny every operation',
    );
  }
}

/** What is denied by path gets through by another way to write the path, where nobody normalizes it. */
export function warnOfSlashes(mesh: Mesh, what: string, name: string, paths: readonly PathMatch[]): void {
  const path = paths.find(({ kind, value }) => kind !== PathMatchKind.PREFIX || value !== '/');
  if (path !== undefined && !mesh._provider.mergesSlashes) {
    mesh._registry.warnings.add(
      describeProblem({
        code: Code.PATH_DENIAL,
        message: `${what} at \`${name}\` is by path \`${path.value}\`, and the mesh does not take \`/${path.value}\` for the same, which many applications do`,
        fix: 'let the mesh merge slashes and say so in `pathNormalization`, or grant the other paths instead',
      }),
    );
  }
}
