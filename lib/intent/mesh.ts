import type { Grant } from './access';
import { normalizeGrants } from './access';
import type { ComposedRoute } from './composition';
import { composeRoutes } from './composition';
import { ANYTHING } from './conditions';
import type { EdgeTokens } from './edge-tokens';
import { atOneGateway } from './edge-tokens';
import type { EntranceIntent } from './entrance';
import type { ExternalIntent } from './external';
import type { IngressIntent } from './ingress';
import type { MigrationIntent } from './migration';
import { MigrationStage, reaches } from './migration';
import { byCodeUnits } from './names';
import type { CalleeRef, CallerRef, ExternalRef, ServiceRef } from './peer';
import { refKey } from './peer';
import type { Port } from './port';
import type { ServiceIntent } from './service';
import { serviceKey } from './service';

/** The account under which a gateway runs. */
export interface GatewayIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Everything that was declared, complete and immutable: what providers turn into resources. */
export class MeshIntent {
  /** Grants in a fixed order, each once. */
  readonly grants: readonly Grant[];
  private readonly byNamespace = new Map<string, Map<string, ServiceIntent>>();
  private readonly externals: ReadonlyMap<string, ExternalIntent>;
  private readonly byCallee: ReadonlyMap<string, readonly Grant[]>;
  private readonly byCaller: ReadonlyMap<string, readonly Grant[]>;
  private readonly composed = new WeakMap<ServiceIntent, Map<Port, readonly ComposedRoute[]>>();

  constructor(
    private readonly services: readonly ServiceIntent[],
    externals: readonly ExternalIntent[],
    grants: readonly Grant[],
    private readonly ingresses: readonly IngressIntent[] = [],
    /** Whose identity the mesh's ingress gateway has, where it is known. */
    readonly gateway?: GatewayIdentity,
    private readonly migrations: readonly MigrationIntent[] = [],
    private readonly edgeTokens: readonly EdgeTokens[] = [],
  ) {
    for (const service of services) {
      const { namespace, name } = service.ref;
      this.byNamespace.set(
        namespace,
        (this.byNamespace.get(namespace) ?? new Map<string, ServiceIntent>()).set(name, service),
      );
    }
    this.externals = new Map(externals.map((external) => [serviceKey(external), external]));
    this.grants = normalizeGrants(grants);
    this.byCallee = groupBy(this.grants, (grant) => refKey(grant.callee));
    this.byCaller = groupBy(this.grants, (grant) => refKey(grant.caller));
  }

  /** The service behind a reference. */
  service(ref: ServiceRef): ServiceIntent {
    return found(this.byNamespace.get(ref.namespace)?.get(ref.name), ref);
  }

  /** The external host behind a reference. */
  external(ref: ExternalRef): ExternalIntent {
    return found(this.externals.get(serviceKey(ref)), ref);
  }

  /** Routes that start at an entrance, in the order of declaration. */
  routesAt({ namespace, name }: EntranceIntent): readonly IngressIntent[] {
    return this.ingresses.filter(({ entrance }) => entrance.namespace === namespace && entrance.name === name);
  }

  /** Everything where requests or connections come in, in the order of declaration. */
  allIngresses(): readonly IngressIntent[] {
    return this.ingresses;
  }

  /** What is demanded of the tokens of requests at an entrance, in the order of declaration. */
  tokensAt({ namespace, name }: EntranceIntent): readonly EdgeTokens[] {
    return this.edgeTokens.filter(({ entrance }) => entrance.namespace === namespace && entrance.name === name);
  }

  /** The same at every entrance of the gateway that it is at. */
  tokensAtGateway(entrance: EntranceIntent): readonly EdgeTokens[] {
    return this.edgeTokens.filter((tokens) => atOneGateway(tokens.entrance, entrance));
  }

  /** Whether every pod of a namespace that migrates refuses plain text, but for what is exempted. */
  refusesPlaintext(namespace: string): boolean {
    return this.migrations.some(
      ({ namespaces, stage }) => namespaces.includes(namespace) && reaches(stage, MigrationStage.STRICT_NAMESPACES),
    );
  }

  /** Grants by which somebody may call this callee. */
  grantsTo(callee: CalleeRef): readonly Grant[] {
    return this.byCallee.get(refKey(callee)) ?? [];
  }

  /** Grants by which this caller may call somebody. */
  grantsFrom(caller: CallerRef): readonly Grant[] {
    return this.byCaller.get(refKey(caller)) ?? [];
  }

  /** Hosts whose calls go through a gateway, in a fixed order. */
  externalsThrough(gateway: { readonly namespace: string; readonly name: string }): readonly ExternalIntent[] {
    return this.allExternals()
      .filter(({ through }) => through !== undefined && serviceKey(through) === serviceKey(gateway))
      .sort((a, b) => byCodeUnits(serviceKey(a), serviceKey(b)));
  }

  /** The routes that requests from within the mesh take to a port of a service: composed once, checked and then written. */
  routesTo(service: ServiceIntent, port: Port): readonly ComposedRoute[] {
    const ofService = this.composed.get(service) ?? new Map<Port, readonly ComposedRoute[]>();
    this.composed.set(service, ofService);
    const known = ofService.get(port);
    if (known !== undefined) return known;
    const routes = composeRoutes({ ...service, name: serviceKey(service.ref) }, port, [ANYTHING], this);
    ofService.set(port, routes);
    return routes;
  }

  /** Every external host, in the order of declaration. */
  allExternals(): readonly ExternalIntent[] {
    return [...this.externals.values()];
  }

  /** Every service, in the order of declaration. */
  allServices(): readonly ServiceIntent[] {
    return this.services;
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) {
      groups.set(key(item), [item]);
    } else {
      group.push(item);
    }
  }
  return groups;
}

function found<T>(value: T | undefined, ref: ServiceRef | ExternalRef): T {
  if (value === undefined) {
    throw new Error(`${refKey(ref)} was granted but never declared`);
  }
  return value;
}
