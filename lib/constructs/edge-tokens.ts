import type { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import { atOneGateway, demandedPaths } from '../intent/edge-tokens';
import type { EntranceIntent } from '../intent/entrance';
import type { PathMatch } from '../intent/path-match';
import { byCodeUnits } from '../intent/names';
import { requiresNothing } from '../intent/restriction';
import { serviceKey } from '../intent/service';
import type { IngressTokens } from '../options/ingress-tokens';
import type { Registry } from '../synthesis/registry';
import { emit } from './emit';
import type { Mesh } from './mesh';
import { warnOfSlashes } from './path-warnings';

/** Requests that come in at an entrance: for its hosts or some of them, with any of some paths. */
export interface EnteredPart {
  readonly entrance: EntranceIntent;
  readonly hosts: readonly string[];
  readonly paths: readonly PathMatch[];
}

/** Registers what a gateway demands of the tokens of these requests, and emits what checks them, once for gateway and entrance. */
export function demandTokens(
  construct: Construct,
  mesh: Mesh,
  entered: EnteredPart,
  tokens: readonly IngressTokens[] = [],
): void {
  tokens.forEach((each) => demand(construct, mesh, entered, each));
}

function demand(
  construct: Construct,
  mesh: Mesh,
  { entrance, hosts, paths }: EnteredPart,
  tokens: IngressTokens,
): void {
  const demanded = tokens._demand;
  const what = `the token requirement of \`${construct.node.path}\``;
  requireReadable(what, entrance, hosts);
  const limited = demandedPaths(demanded.paths, paths);
  if (limited === undefined || (limited.length === 0 && demanded.paths.length > 0)) {
    throw new MeshError(
      Code.EDGE_TOKENS,
      `${what} is for paths ${quoted(demanded.paths.map(({ value }) => value))}, ${limited === undefined ? 'of which it cannot be told whether they are' : 'which are not'} among those that are let in there: ${quoted(paths.map(({ value }) => value))}`,
      'name paths of the route, or leave `paths` of the tokens out',
    );
  }
  if (requiresNothing({ paths: limited, exceptPaths: demanded.exceptPaths })) {
    throw new MeshError(
      Code.EDGE_TOKENS,
      `${what} excepts all that it is for: ${quoted(demanded.exceptPaths.map(({ value }) => value))}`,
      'except narrower paths, or use `IngressTokens.optional`',
    );
  }
  const all = [...limited, ...demanded.exceptPaths];
  mesh._require({ kind: 'restriction', what, operations: [{ paths: all }] });
  warnOfSlashes(mesh, 'a token requirement', hosts.join(', '), demanded.paths);
  const others = mesh._registry.edgeTokens;
  // Where the hosts are opened, whichever route demands tokens first.
  const opened = mesh._registry.entrances.find(({ intent }) => intent === entrance)?.construct ?? construct;
  const { checks, demands } = mesh._provider.entranceTokens(entrance);
  const known = others.some(({ intent }) => intent.entrance === entrance);
  const emitted = known || !isFirst(entrance, others) ? [] : checks.map((plan) => emit(opened, mesh, plan));
  if (!known) demands.forEach((plan) => emit(opened, mesh, plan));
  others.push({ construct, intent: { ...demanded, entrance, hosts, paths: limited }, checks: emitted });
}

/**
 * Whether an entrance is the first by name of those of its gateway that demand tokens: what checks the tokens of all of them is
 * called after it, in whatever order they were declared. What was called after another one goes.
 */
function isFirst(entrance: EntranceIntent, others: Registry['edgeTokens']): boolean {
  const there = others.filter(({ intent }) => atOneGateway(intent.entrance, entrance));
  if (there.some(({ intent }) => byCodeUnits(serviceKey(intent.entrance), serviceKey(entrance)) < 0)) return false;
  const later = there.flatMap(({ checks }) => checks);
  later.forEach(({ node }) => node.scope?.node.tryRemoveChild(node.id));
  return true;
}

/** Refuses hosts of which a gateway reads no requests, or of which policies could not tell all requests. */
function requireReadable(what: string, entrance: EntranceIntent, hosts: readonly string[]): void {
  if (entrance.tls.kind === 'passthrough' || entrance.connections) {
    throw new MeshError(
      Code.EDGE_TOKENS,
      `${what} is for ${quoted(hosts)}, whose requests pass through the gateway inside of TLS`,
      'let the gateway terminate TLS with `IngressTls.credential`, or use `access.requireToken` of the service',
    );
  }
  const wide = hosts.find((host) => host.startsWith('*'));
  const whole = entrance.own !== undefined && entrance.hosts.every((host) => hosts.includes(host));
  if (wide !== undefined && !whole) {
    throw new MeshError(
      Code.EDGE_TOKENS,
      `${what} is for \`${wide}\` at a gateway with other hosts, and policies cannot tell a name below a domain with any port behind it, which clients may write`,
      'name each host, use `access.requireToken` of the services, or demand tokens of all hosts of a gateway of their own (`IngressApi.STANDARD`)',
    );
  }
}
