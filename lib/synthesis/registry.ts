import type { Construct, IConstruct } from 'constructs';
import type { ApiObject } from 'cdk8s';
import { Code, MeshError } from '../errors';
import type { Grant } from '../intent/access';
import type { ConnectionRouteIntent } from '../intent/connection-route';
import type { DeliveryIntent } from '../intent/delivery';
import type { EdgeTokens } from '../intent/edge-tokens';
import type { Dated } from '../intent/end-date';
import type { EntranceIntent } from '../intent/entrance';
import type { ExternalIntent } from '../intent/external';
import type { IngressIntent } from '../intent/ingress';
import type { NamedLevel } from '../intent/levels';
import type { MigrationIntent } from '../intent/migration';
import type { ReleaseIntent } from '../intent/release';
import type { ResilienceLevel } from '../intent/resilience';
import type { DryRun, RestrictionKind, Restrictions } from '../intent/restriction';
import type { RouteIntent } from '../intent/route';
import type { ScopedLevel } from '../intent/scope';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { WorkloadSource } from './workload-source';

/** A release and the pods of its versions; the stable version may be the service's own workload. */
export interface ReleaseEntry {
  readonly construct: IConstruct;
  readonly intent: ReleaseIntent;
  readonly workloads: readonly { readonly version: string; readonly source: WorkloadSource }[];
}

/** A release that a controller carries out, by the service's own workload. */
export interface DeliveryEntry {
  readonly construct: IConstruct;
  readonly intent: DeliveryIntent;
}

/** A declared service. */
export interface ServiceEntry {
  readonly construct: IConstruct;
  readonly declaration: ServiceDeclaration;
  readonly workload?: WorkloadSource;
  release?: ReleaseEntry;
  delivery?: DeliveryEntry;
  /** Rules for some of its requests. */
  readonly routes: RouteIntent[];
  /** Rules for some of the connections to it. */
  readonly connections: ConnectionRouteIntent[];
  /** Protections for some of its calls. */
  readonly scoped: ScopedLevel[];
  /** What was said for all of its calls, from the mesh down to itself. */
  readonly levels: readonly NamedLevel[];
  /** What limits calls to it besides grants. */
  restrictions: Restrictions;
  /** Service account that the user chose. */
  readonly serviceAccount?: string;
  /** Objects that give way to ones that the tree has already. */
  readonly placeholders: ApiObject[];
  /** What a service of another app says about itself; such a service has no workload here. */
  readonly foreign?: { readonly serviceAccount: string; readonly podLabels: Readonly<Record<string, string>> };
}

/** A namespace that was declared. */
export interface NamespaceEntry {
  readonly construct: IConstruct;
  readonly name: string;
  readonly locked: boolean;
  /** Whether the Namespace object belongs to somebody else. */
  readonly existing: boolean;
  /** Whether what would refuse calls only counts them. */
  readonly dryRun?: DryRun;
  /** Protections of what is declared in it and chooses none itself. */
  readonly resilience: ResilienceLevel;
}

/** A host or addresses outside the mesh. */
export interface ExternalEntry {
  readonly construct: IConstruct;
  /** With what was known when it was declared. */
  readonly intent: ExternalIntent;
  /** Protections that it chooses itself. */
  readonly said: ResilienceLevel;
}

/** Namespaces on their way to mutual TLS only. */
export interface MigrationEntry {
  readonly construct: IConstruct;
  readonly intent: MigrationIntent;
}

/** Everything that was declared so far under one mesh. */
export class Registry {
  readonly namespaces = new Map<string, NamespaceEntry>();
  readonly services = new Map<string, ServiceEntry>();
  readonly externals = new Map<string, ExternalEntry>();
  /** Where calls of hosts outside leave the mesh. */
  readonly egressGateways = new Map<string, IConstruct>();
  /** What opens hosts at the gateway. */
  readonly entrances: { readonly construct: Construct; readonly intent: EntranceIntent }[] = [];
  /** Where requests for them go. */
  readonly ingresses: { readonly construct: IConstruct; readonly intent: IngressIntent }[] = [];
  /** What gateways demand of the tokens of requests. */
  readonly edgeTokens: {
    readonly construct: IConstruct;
    readonly intent: EdgeTokens;
    /** What checks the tokens of the gateway, where it is called after this entrance. */
    readonly checks: readonly ApiObject[];
  }[] = [];
  readonly grants: Grant[] = [];
  readonly migrations: MigrationEntry[] = [];
  /** Rules for requests of all services; each service has its own, too. */
  readonly routes: RouteIntent[] = [];
  /** Rules for connections to all services, alike. */
  readonly connections: ConnectionRouteIntent[] = [];
  /** Protections for some calls, of all services; each service has its own, too. */
  readonly scoped: ScopedLevel[] = [];
  /** Services that have a release. */
  readonly released = new Set<ServiceEntry>();
  /** What tells, collects or shows something about calls, by what it does and for whom: each can be there once. */
  readonly telemetry = new Map<string, IConstruct>();
  /** Namespaces of services whose ejected pods are counted by their callers. */
  readonly watched = new Set<string>();
  private readonly ends = new Map<string, Dated>();
  readonly warnings = new Set<string>();
  private restrictions = 0;

  /** How much was declared: nothing is ever taken back, so a plan of the same size is the same plan. */
  get size(): number {
    const { namespaces, services, externals, released, telemetry } = this;
    const { entrances, ingresses, edgeTokens, grants, routes, connections, scoped, migrations } = this;
    const sizes = [namespaces, services, externals, released, telemetry].map(({ size }) => size);
    const lists = [entrances, ingresses, edgeTokens, grants, routes, connections, scoped, migrations];
    return [...sizes, ...lists.map(({ length }) => length)].reduce((sum, count) => sum + count, this.restrictions);
  }

  /** What holds until a day only, each once. */
  get dated(): readonly Dated[] {
    return [...this.ends.values()];
  }

  /** Adds something that holds until a day. */
  addDated(entry: Dated): void {
    this.ends.set(JSON.stringify(entry), entry);
  }

  /** Limits the calls to a service. */
  restrict<K extends RestrictionKind>(entry: ServiceEntry, kind: K, restriction: Restrictions[K][number]): void {
    entry.restrictions = { ...entry.restrictions, [kind]: [...entry.restrictions[kind], restriction] };
    this.restrictions += 1;
  }

  /** Adds a service; refuses a second one of the same name. */
  addService(entry: ServiceEntry): void {
    const key = serviceKey(entry.declaration.ref);
    const twin = this.services.get(key);
    if (twin !== undefined) {
      throw new MeshError(
        Code.SERVICE_TWICE,
        `service \`${key}\` is declared at \`${twin.construct.node.path}\` and again at \`${entry.construct.node.path}\``,
        'declare it once, with all of its `ports`',
      );
    }
    this.services.set(key, entry);
  }

  /** The migration of a namespace; undefined where it does not migrate. */
  migrationOf(namespace: string): MigrationIntent | undefined {
    return this.migrations.find(({ intent }) => intent.namespaces.includes(namespace))?.intent;
  }

  /** Adds what tells or shows something; refuses a second one for the same. */
  addTelemetry(what: string, construct: IConstruct): void {
    const twin = this.telemetry.get(what);
    if (twin !== undefined) {
      throw new MeshError(
        Code.TELEMETRY_TWICE,
        `${what} are declared at \`${twin.node.path}\` and again at \`${construct.node.path}\``,
        'declare them once, with everything that they say',
      );
    }
    this.telemetry.set(what, construct);
  }
}
