import type { Grant } from '../../intent/access';
import type { ConnectionRouteIntent } from '../../intent/connection-route';
import type { Delivery } from '../../intent/delivery';
import type { ExternalIntent } from '../../intent/external';
import type { AddressCondition } from '../../intent/grant-conditions';
import type { IngressIntent } from '../../intent/ingress';
import type { Operation } from '../../intent/operation';
import type { ServiceRef } from '../../intent/peer';
import type { RouteIntent } from '../../intent/route';
import type { ServiceDeclaration, ServiceIntent } from '../../intent/service';

/** A part of the intent that a provider may be unable to express. */
export type IntentPart =
  | { readonly kind: 'namespace'; readonly namespace: NamespaceDeclaration }
  | { readonly kind: 'service'; readonly service: ServiceDeclaration }
  | { readonly kind: 'levels'; readonly service: ServiceIntent }
  | { readonly kind: 'route'; readonly service: ServiceRef; readonly route: RouteIntent }
  | { readonly kind: 'connectionRoute'; readonly service: ServiceRef; readonly route: ConnectionRouteIntent }
  | { readonly kind: 'external'; readonly external: ExternalIntent }
  | { readonly kind: 'grant'; readonly grant: Grant }
  | RestrictionPart
  | { readonly kind: 'audit'; readonly service: string }
  | { readonly kind: 'delivery'; readonly service: ServiceIntent; readonly delivery: Delivery }
  | { readonly kind: 'ingress'; readonly ingress: IngressIntent; readonly service: ServiceDeclaration };

/** A limit to calls besides grants. */
export interface RestrictionPart {
  readonly kind: 'restriction';
  /** What it is and where, as messages say it. */
  readonly what: string;
  readonly operations: readonly Pick<Operation, 'paths'>[];
  readonly addresses?: AddressCondition;
}

/** A namespace of the mesh. */
export interface NamespaceDeclaration {
  readonly name: string;
  /** Whether plain text and undeclared calls are refused. */
  readonly locked: boolean;
  /** Whether what would refuse calls only counts them. */
  readonly dryRun: boolean;
}

/** Something that this mesh, or its installed version, cannot express. */
export interface Unsupported {
  /** What was asked for, where. */
  readonly feature: string;
  /** Why it cannot be had. */
  readonly reason: string;
  /** What to do instead. */
  readonly instead: string;
}
