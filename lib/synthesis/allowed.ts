import type { Grant } from '../intent/access';
import { coversCaller } from '../intent/callers';
import type { Conditions } from '../intent/conditions';
import { ANYTHING, coversConditions, operationConditions } from '../intent/conditions';
import { denialsOf } from '../intent/denials';
import type { GrantConditions } from '../intent/grant-conditions';
import type { MeshIntent } from '../intent/mesh';
import type { Passage } from '../intent/passage';
import type { CallerRef } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { describeDenied } from '../intent/restriction';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';

/** Requests on one port, and what becomes of them. */
export interface PortPassage {
  readonly port: Port;
  readonly passage: Passage;
  /** The conditions under which they were let in. */
  readonly under?: GrantConditions;
}

/** Why a callee refuses something, as the end of a sentence, and what to do about it. */
export interface Refusal {
  readonly why: string;
  readonly fix: string;
}

/** Why a callee would refuse what a caller sends to one of its ports; undefined where it lets it in. */
export function refusal(
  intent: MeshIntent,
  callee: ServiceIntent,
  port: Port,
  caller: CallerRef,
  under: GrantConditions | undefined,
  sent: Conditions,
): Refusal | undefined {
  const name = serviceKey(callee.ref);
  if (!isAllowed(allowedAt(intent, callee, caller, port, under), sent)) {
    return {
      why: 'which it may not call',
      fix: `add the missing grant: \`access.allowFrom\` of \`${name}\` for ${describeRef(caller)} with ${describeGrant(port, sent)}`,
    };
  }
  const sender = { caller, ...(under === undefined ? {} : { conditions: under }) };
  const denials = denialsOf(intent, callee, port, sender, sent);
  return denials.length === 0
    ? undefined
    : {
        why: `which refuses it by the denial of ${denials.map(({ callers }) => describeDenied(callers)).join(' and of ')}`,
        fix: `limit that denial, \`access.denyFrom\` of \`${name}\` or its like, to other callers, \`operations\` or \`ports\``,
      };
}

/**
 * What a caller may do on a port, as the policy of the callee says it. What is allowed under conditions counts for requests
 * that were let in under the same ones.
 */
function allowedAt(
  intent: MeshIntent,
  callee: ServiceIntent,
  caller: CallerRef,
  port: Port,
  under: GrantConditions | undefined,
): readonly Conditions[] {
  return intent
    .grantsTo(callee.ref)
    .filter((grant) => coversCaller(grant.caller, caller) && (grant.ports?.includes(port.name) ?? true))
    .filter(({ conditions }) => conditions === undefined || same(under, conditions))
    .flatMap(operationsOf);
}

/** Whether all that is sent is allowed, method by method. */
function isAllowed(allowed: readonly Conditions[], sent: Conditions): boolean {
  const each = sent.methods.length === 0 ? [sent] : sent.methods.map((method) => ({ ...sent, methods: [method] }));
  return each.every((one) => allowed.some((wide) => coversConditions(wide, one)));
}

/** The options of a grant for what is sent, as users write them. */
function describeGrant({ name }: Port, { methods, path }: Conditions): string {
  const list = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
  const parts = [
    ...(methods.length === 0 ? [] : [`methods: ${list(methods)}`]),
    ...(path === undefined ? [] : [`paths: [PathMatch.${path.kind}('${path.value}')]`]),
  ];
  return parts.length === 0
    ? `\`{ ports: ['${name}'] }\``
    : `\`{ ports: ['${name}'], operations: [Operation.http({ ${parts.join(', ')} })] }\``;
}

/** The requests that a grant allows. */
export function operationsOf({ operations }: Grant): readonly Conditions[] {
  return operations.length === 0 ? [ANYTHING] : operations.flatMap(operationConditions);
}

function same(one: GrantConditions | undefined, other: GrantConditions): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
