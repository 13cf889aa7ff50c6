import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import { requireCaller } from '../intent/http-match';
import { didYouMean } from '../intent/names';
import type { IPeer } from '../intent/peer';
import { selectPorts } from '../intent/port';
import type { RouteIntent } from '../intent/route';
import type { Part } from '../intent/scope';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';

/** Calls to a service. */
export interface ExplainResilienceOptions {
  /**
   * Name of the port that they are to.
   * @default - a port that has no settings of its own
   */
  readonly port?: string;
  /**
   * The version that they reach.
   * @default - a version that has no settings of its own
   */
  readonly version?: string;
  /**
   * Who calls.
   * @default - somebody who has no settings of their own
   */
  readonly caller?: IPeer;
  /**
   * Name of the route that they take.
   * @default - none of those that were added
   */
  readonly route?: string;
}

/** One setting of a service, and where it comes from. */
export interface ResilienceSource {
  /** The option, and its field: `timeout`, `connectionPool.maxConnections`. */
  readonly setting: string;
  /** Its value: `off`, `15s`, `1024`. */
  readonly value: string;
  /** Who said so: `default`, `mesh`, ``namespace `shop` ``, `service`, or a port, version, caller or route by name. */
  readonly level: string;
}

/** The calls that these options mean. */
export function explained(
  { ref, ports }: ServiceDeclaration,
  { routes, versions }: { readonly routes: readonly RouteIntent[]; readonly versions: readonly string[] },
  options: ExplainResilienceOptions,
): { readonly part: Part; readonly route: RouteIntent | undefined } {
  const owner = serviceKey(ref);
  const {
    port,
    version,
    caller,
    route: name,
  } = givenShape('`explainResilience`', options, {
    port: 'text?',
    version: 'text?',
    caller: 'made:_caller?',
    route: 'text?',
  });
  if (port !== undefined) {
    selectPorts(owner, ports, [port]);
  }
  if (version !== undefined && !versions.includes(version)) {
    throw new MeshError(
      Code.RESILIENCE,
      `unknown version \`${version}\` of \`${owner}\`, its release has ${quoted(versions) || 'none so far'}${didYouMean(version, versions)}`,
      'name a version of its `CanaryRelease`, after that is declared',
    );
  }
  const route = routes.find((one) => one.name === name);
  if (name !== undefined && route === undefined) {
    const known = routes.map((one) => one.name);
    throw new MeshError(
      Code.ROUTE,
      `unknown route \`${name}\` of \`${owner}\`, has ${quoted(known) || 'none'}${didYouMean(name, known)}`,
      'name one of its routes',
    );
  }
  const who = caller === undefined ? undefined : requireCaller('`explainResilience`', caller._caller());
  return { part: { port, version, caller: who }, route };
}
