import type { Grant } from './access';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions } from './conditions';
import { Operation } from './operation';
import { passages } from './passage';
import type { PathMatch } from './path-match';
import type { Port } from './port';
import type { ServiceRef } from './peer';
import type { RouteIntent } from './route';

/** A host at the mesh's ingress gateway whose requests go to a service. */
export interface IngressIntent {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly service: ServiceRef;
  readonly port: Port;
  readonly paths: readonly PathMatch[];
  /** HTTP methods that the gateway may use; none means all. */
  readonly methods: readonly string[];
  /** Name of the Secret with the certificate, in the gateway's namespace; undefined is plain text, chosen by name. */
  readonly credentialName?: string;
}

/** The requests that a gateway lets in. */
export function enteredAt({ paths }: IngressIntent): readonly Conditions[] {
  return paths.length > 0 ? paths.map((path) => ({ ...ANYTHING, path })) : [ANYTHING];
}

/** The requests that a gateway may send, as those of a caller. */
export function sentByGateway(ingress: IngressIntent): readonly Conditions[] {
  return enteredAt(ingress).map((entered) => ({
    ...entered,
    methods: ingress.methods,
    callers: [{ kind: 'ingressGateway' }],
  }));
}

/**
 * What the gateway has to be allowed at the service: the paths that let in, as the service's routes rewrite them, and no
 * more. None where routes answer, or send to other services, all that enters.
 */
export function gatewayGrants(ingress: IngressIntent, routes: readonly RouteIntent[]): readonly Grant[] {
  const reached = passages(routes, ingress.port, sentByGateway(ingress))
    .filter(({ to }) => to === undefined)
    .map(({ conditions: { path, methods } }) => ({ ...ANYTHING, methods, ...(path === undefined ? {} : { path }) }));
  const widest = reached.filter(
    (one, index) =>
      !reached.some(
        (other, at) => at !== index && coversConditions(other, one) && (at < index || !coversConditions(one, other)),
      ),
  );
  return widest.length === 0
    ? []
    : [
        {
          caller: { kind: 'ingressGateway' },
          callee: ingress.service,
          ports: [ingress.port.name],
          operations: operations(widest),
        },
      ];
}

/** Conditions as operations, one for each set of methods; none where everything is allowed. */
function operations(conditions: readonly Conditions[]): readonly Operation[] {
  const byMethods = new Map<string, { readonly methods: readonly string[]; readonly paths: PathMatch[] }>();
  for (const { methods, path } of conditions) {
    const key = methods.join();
    const known = byMethods.get(key) ?? { methods, paths: [] };
    known.paths.push(...(path === undefined ? [] : [path]));
    byMethods.set(key, known);
  }
  const limits = [...byMethods.values()];
  return limits.some(({ methods, paths }) => methods.length + paths.length === 0)
    ? []
    : limits.map(({ methods, paths }) => Operation.http({ methods: [...methods], paths }));
}
