import { Code, MeshError, quoted } from '../errors';
import type { Scope } from '../intent/access';
import { scopedPorts } from '../intent/access';
import { givenShape, givenText } from '../intent/given';
import { requirePossible } from '../intent/grant-conditions';
import type { Port } from '../intent/port';
import type { Audit, Check, Denial, DeniedCallers, TokenRequirement } from '../intent/restriction';
import { describeDenied, requiresNothing } from '../intent/restriction';
import { tokenPorts } from '../intent/tokens';
import { requireProvider } from './ask-provider';
import type { Callee } from './grant';
import { requirePeer } from './grant';
import type { Mesh } from './mesh';
import { warnOfSlashes } from './path-warnings';
import type { DenyOptions, RequestOptions, RequireTokenOptions } from './restrict-options';

/** What says which requests are meant. */
const REQUESTS = { ports: 'text[]?', operations: 'made:methods[]?' } as const;

/** The denial that a user asks for; refuses what would be passed, or would do nothing. */
export function checkedDenial(mesh: Mesh, callee: Callee, callers: DeniedCallers, options: DenyOptions): Denial {
  const { name } = callee;
  const what = `a denial of ${describeDenied(callers)}`;
  const { addresses } = givenShape(`${what} at \`${name}\``, options, { ...REQUESTS, addresses: 'made:_condition?' });
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
  requireProvider(mesh, callee.name, givenText(`the provider that checks requests to \`${callee.name}\``, provider));
  return { provider, ...requestScope(mesh, callee, `a check by \`${provider}\``, options) };
}

/** The marking for records that a user asks for. */
export function checkedAudit(mesh: Mesh, callee: Callee, options: RequestOptions): Audit {
  mesh._require({ kind: 'audit', service: callee.name });
  return requestScope(mesh, callee, 'an audit', options);
}

/** The token requirement that a user asks for. */
export function checkedTokens(mesh: Mesh, callee: Callee, options: RequireTokenOptions): TokenRequirement {
  const what = 'a token requirement';
  const {
    issuers,
    ports,
    paths = [],
    exceptPaths = [],
    exceptPreflight = false,
  } = givenShape(`${what} at \`${callee.name}\``, options, {
    issuers: 'made:issuer[]',
    ports: 'text[]?',
    paths: 'made:kind[]?',
    exceptPaths: 'made:kind[]?',
    exceptPreflight: 'flag?',
  });
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
  if (requiresNothing({ paths, exceptPaths })) {
    throw new MeshError(
      Code.TOKEN,
      `${what} at \`${callee.name}\` excepts all that it is for: ${quoted(exceptPaths.map(({ value }) => value))}`,
      'except narrower paths; tokens are checked without being required where a requirement is for some other `paths`',
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
  givenShape(`${what} at \`${name}\``, options, REQUESTS);
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
