import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Grant } from './access';
import { scopedPorts } from './access';
import { intersect } from './conditions';
import type { Piece } from './denials';
import { coversPiece, isDenied, pieces } from './denials';
import { coversIdentity, identity } from './identity';
import type { MeshIntent } from './mesh';
import { describeRef, refKey } from './peer';
import type { Denial } from './restriction';
import { describeDenied } from './restriction';
import type { ServiceIntent } from './service';
import { serviceKey } from './service';

/** Grants and denials that cannot both be meant, or of which one does nothing. */
export function contradictions(intent: MeshIntent): readonly Problem[] {
  return intent.allServices().flatMap((service) => {
    const grants = intent.grantsTo(service.ref);
    return [
      ...grants.flatMap((grant) => deniedGrant(intent, service, grant)),
      ...service.restrictions.denials.flatMap((denial) => unnoticedGateway(intent, service, grants, denial)),
      ...service.restrictions.denials.flatMap((denial) => evadableDenial(service, grants, denial)),
      ...grants.flatMap((grant) => idleCondition(intent, service, grants, grant)),
      ...severalChecks(service),
      ...enforcedCheck(service),
    ];
  });
}

/** A grant of which denials leave nothing. */
function deniedGrant(intent: MeshIntent, service: ServiceIntent, grant: Grant): readonly Problem[] {
  const denials = service.restrictions.denials.filter((denial) => isDenied(intent, denial, grant));
  if (denials.length === 0) return [];
  const left = pieces(service, grant).filter(
    (piece) => !denials.some((denial) => pieces(service, denial).some((denied) => coversPiece(denied, piece))),
  );
  return left.length > 0
    ? []
    : [
        {
          code: Code.DENIAL,
          message: `the grant to ${describeRef(grant.caller)} to call \`${serviceKey(service.ref)}\` is denied wholly by the denial of ${denials.map(({ callers }) => describeDenied(callers)).join(' and of ')}`,
          fix: 'remove the grant, or limit the denial to other callers, `operations` or `ports`',
        },
      ];
}

/** A denial of an account or namespace that is, besides, that of a gateway which may call: nobody named the gateway. */
function unnoticedGateway(
  intent: MeshIntent,
  service: ServiceIntent,
  grants: readonly Grant[],
  denial: Denial,
): readonly Problem[] {
  if (denial.callers.kind !== 'peer' || denial.callers.peer.kind === 'ingressGateway') {
    return [];
  }
  const denied = pieces(service, denial);
  const isNamed = ({ caller }: Grant) =>
    service.restrictions.denials.some(
      ({ callers, ...scope }) =>
        callers.kind === 'peer' &&
        refKey(callers.peer) === refKey(caller) &&
        denied.every((piece) => pieces(service, scope).some((wide) => coversPiece(wide, piece))),
    );
  const hit = grants
    .filter(({ caller }) => caller.kind === 'ingressGateway')
    .filter((grant) => isDenied(intent, denial, grant) && !isNamed(grant))
    .map((grant) => pieces(service, grant))
    .filter((granted) => meets(granted, denied))
    // What is denied wholly is said already.
    .some((granted) => granted.some((piece) => !denied.some((wide) => coversPiece(wide, piece))));
  return !hit
    ? []
    : [
        {
          code: Code.DENIAL,
          message: `the denial of ${describeDenied(denial.callers)} at \`${serviceKey(service.ref)}\` also denies the ingress gateway, which runs there and may call it`,
          fix: 'deny the accounts that you mean by `Peer.serviceAccount`, or deny `Peer.ingressGateway()` the same by name',
        },
      ];
}

function meets(some: readonly Piece[], others: readonly Piece[]): boolean {
  return some.some((one) =>
    others.some(
      (other) => one.containerPort === other.containerPort && intersect(one.conditions, other.conditions)?.length !== 0,
    ),
  );
}

/** A denial of an identity where callers need none. */
function evadableDenial(service: ServiceIntent, grants: readonly Grant[], denial: Denial): readonly Problem[] {
  if (denial.callers.kind !== 'peer') {
    return [];
  }
  const key = serviceKey(service.ref);
  const denied = scopedPorts(() => 'a denial', key, service.ports, denial).ports;
  const open = grants
    .filter(({ caller }) => caller.kind === 'kubernetesApi')
    .flatMap((grant) => scopedPorts(() => 'a grant', key, service.ports, grant).ports)
    .filter((port) => denied.includes(port));
  return open.length === 0
    ? []
    : [
        {
          code: Code.DENIAL,
          message: `the denial of ${describeDenied(denial.callers)} at \`${key}\` could be passed on port ${quoted(new Set(open.map(({ name }) => name)))}, which takes plain text without an identity for the Kubernetes API`,
          fix: 'leave that port out of the denial, or give the Kubernetes API a port of its own',
        },
      ];
}

/** A condition that does nothing, because another grant allows the same without it. Grants add up. */
function idleCondition(
  intent: MeshIntent,
  service: ServiceIntent,
  grants: readonly Grant[],
  grant: Grant,
): readonly Problem[] {
  if (grant.conditions === undefined) {
    return [];
  }
  const theirs = identity(intent, grant.caller);
  const wider = grants
    .filter((other) => other.conditions === undefined && coversIdentity(identity(intent, other.caller), theirs))
    .flatMap((other) => pieces(service, other).map((piece) => ({ other, piece })));
  const own = pieces(service, grant).map((piece) => wider.find((wide) => coversPiece(wide.piece, piece))?.other);
  const [other] = own;
  return other === undefined || own.includes(undefined)
    ? []
    : [
        {
          code: Code.CONDITION,
          message: `${quoted(Object.keys(grant.conditions))} of the grant to ${describeRef(grant.caller)} to call \`${serviceKey(service.ref)}\` limit nothing, since grants add up, and the one to ${describeRef(other.caller)} allows the same without`,
          fix: 'remove the wider grant, or limit it to other `operations` or `ports`',
        },
      ];
}

/** Two providers that decide about calls to one service, of which a proxy asks one. */
function severalChecks({ ref, restrictions }: ServiceIntent): readonly Problem[] {
  const providers = new Set(restrictions.checks.map(({ provider }) => provider));
  return providers.size < 2
    ? []
    : [
        {
          code: Code.CHECK,
          message: `providers ${quoted(providers)} shall decide about calls to \`${serviceKey(ref)}\`, and its proxy asks one`,
          fix: 'let one of them decide, and ask the other from there',
        },
      ];
}

/** A provider that goes on refusing where nobody shall be refused. */
function enforcedCheck({ ref, restrictions, dryRun }: ServiceIntent): readonly Problem[] {
  return dryRun === undefined || restrictions.checks.length === 0
    ? []
    : [
        {
          code: Code.DRY_RUN,
          message: `\`${serviceKey(ref)}\` is in dry run, and a provider that decides about its calls goes on refusing them`,
          fix: 'let the provider only count, and leave `checkWith` out, or end the dry run',
        },
      ];
}
