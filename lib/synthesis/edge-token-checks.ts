import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { EdgeTokens } from '../intent/edge-tokens';
import {
  atOneGateway,
  demandsMeet,
  excludeEachOther,
  issuersOf,
  lostAtGateway,
  sameDemand,
} from '../intent/edge-tokens';
import type { EntranceIntent } from '../intent/entrance';
import type { IngressIntent } from '../intent/ingress';
import { carriesConnections, enteredTarget } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { ServiceRef } from '../intent/peer';
import { gatewayOf } from '../intent/entrance';
import { describeRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import type { Registry } from './registry';

type Entry = Registry['edgeTokens'][number];

/** Tokens that gateways could not check as it was said, or that they would withhold from services. */
export function edgeTokenProblems(registry: Registry, intent: MeshIntent): readonly Problem[] {
  const problems = [
    ...pairs(registry.edgeTokens).flatMap(([one, other]) => [...twoWays(one, other), ...excluding(one, other)]),
    ...otherPorts(registry),
    ...blindPorts(registry),
    ...withheld(registry, intent),
  ];
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function pairs(entries: readonly Entry[]): readonly (readonly [Entry, Entry])[] {
  return entries.flatMap((one, index) =>
    entries
      .slice(index)
      .filter((other) => atOneGateway(one.intent.entrance, other.intent.entrance))
      .map((other) => [one, other] as const),
  );
}

/** A gateway knows an issuer once, for all of its hosts. */
function twoWays(one: Entry, other: Entry): readonly Problem[] {
  return one.intent.issuers.flatMap((issuer) =>
    other.intent.issuers
      .filter((their) => their.issuer === issuer.issuer && JSON.stringify(their) !== JSON.stringify(issuer))
      .map(() => ({
        code: Code.EDGE_ISSUER,
        message: `issuer \`${issuer.issuer}\` is described in two ways at one gateway, ${places(one, other)}: it would take tokens of either kind for the hosts of both`,
        fix: 'use one `TokenIssuer` for it, with the `audiences` of both; what only one of them shall take is said at its service with `access.requireToken`',
      })),
  );
}

function excluding(one: Entry, other: Entry): readonly Problem[] {
  return one !== other &&
    one.intent.entrance === other.intent.entrance &&
    demandsMeet(one.intent, other.intent) &&
    excludeEachOther(one.intent, other.intent)
    ? [
        {
          code: Code.EDGE_TOKENS,
          message: `requests for ${quoted(one.intent.hosts.filter((host) => other.intent.hosts.includes(host)))} would need tokens of ${quoted(names(one))} and of ${quoted(names(other))} at once, ${places(one, other)}`,
          fix: 'name both issuers in both, or keep their `paths` apart, with `exceptPaths` of the wider one',
        },
      ]
    : [];
}

/** A policy of a gateway is for a host, and not for one of the ports that let it in. */
function otherPorts({ edgeTokens, entrances }: Registry): readonly Problem[] {
  const some = edgeTokens.length === 0 ? [] : entrances;
  return some.flatMap((one, index) =>
    some
      .slice(index + 1)
      .filter((other) => atOneGateway(one.intent, other.intent))
      .flatMap((other) => {
        const host = one.intent.hosts.find(
          (each) => other.intent.hosts.includes(each) && !alike(edgeTokens, each, one.intent, other.intent),
        );
        return host === undefined
          ? []
          : [
              {
                code: Code.EDGE_TOKENS,
                message: `tokens of requests for \`${host}\` are demanded in one way at \`${one.construct.node.path}\` (port \`${one.intent.port}\`) and in another, or not, at \`${other.construct.node.path}\` (port \`${other.intent.port}\`), and a gateway demands them of a host on all of its ports`,
                fix: 'give both the same `tokens`, or let clients use another host on one of the ports',
              },
            ];
      }),
  );
}

/** Whether both entrances demand the same of requests for a host. */
function alike(all: readonly Entry[], host: string, one: EntranceIntent, other: EntranceIntent): boolean {
  const [ours, theirs] = [one, other].map((entrance) =>
    all.map(({ intent }) => intent).filter((each) => each.entrance === entrance && each.hosts.includes(host)),
  );
  const within = (some: readonly EdgeTokens[] = [], more: readonly EdgeTokens[] = []) =>
    some.every((each) => more.some((its) => sameDemand(each, its)));
  return within(ours, theirs) && within(theirs, ours);
}

/** On connections a policy has no requests to tell apart, and denies them all. */
function blindPorts({ edgeTokens, entrances }: Registry): readonly Problem[] {
  return entrances
    .filter((entrance) => carriesConnections({ entrance: entrance.intent }))
    .flatMap(({ construct, intent: entrance }) =>
      edgeTokens
        .filter(({ intent }) => atOneGateway(intent.entrance, entrance))
        .slice(0, 1)
        .map((tokens) => ({
          code: Code.EDGE_TOKENS,
          message: `the gateway checks tokens at \`${tokens.construct.node.path}\` and leads connections on at \`${construct.node.path}\` (port \`${entrance.port}\`), of which it would refuse every one: it sees no tokens in them`,
          fix: 'use `access.requireToken` of the service, or check the tokens at a gateway of its own (`IngressApi.STANDARD`)',
        })),
    );
}

/** Services behind a gateway that would not see the tokens that they need. */
function withheld({ edgeTokens, ingresses }: Registry, intent: MeshIntent): readonly Problem[] {
  return ingresses
    .filter((each) => !carriesConnections(each.intent))
    .flatMap(({ construct, intent: ingress }) => {
      const { entrance } = ingress;
      const checking = edgeTokens.filter((entry) => atOneGateway(entry.intent.entrance, entrance));
      const checked = issuersOf(checking.map((entry) => entry.intent));
      const [first] = checking;
      return first === undefined
        ? []
        : behind(intent, ingress).flatMap((ref) =>
            issuersOf(intent.service(ref).restrictions.tokens).flatMap((taken) => {
              const here = checking.some(
                (entry) =>
                  entry.intent.entrance === entrance &&
                  names(entry).includes(taken.issuer) &&
                  ingress.hosts.every((host) => entry.intent.hosts.includes(host)),
              );
              const lost = lostAtGateway(checked, taken, here);
              const by = checking.find((entry) => names(entry).includes(taken.issuer)) ?? first;
              const what = `tokens of \`${taken.issuer}\`, which \`${serviceKey(ref)}\` needs behind \`${construct.node.path}\``;
              const gateway = describeRef(gatewayOf(entrance));
              return lost === undefined
                ? []
                : [
                    {
                      code: Code.TOKEN_WITHHELD,
                      message: `${gateway} would ${lost === 'refused' ? 'refuse' : lost === 'taken off' ? 'take off' : 'refuse some'} ${what}, since it checks tokens of ${quoted(checked.map(({ issuer }) => issuer))} for all of its hosts (\`${by.construct.node.path}\`)`,
                      fix:
                        lost === 'refused in part'
                          ? 'describe the issuer with the `audiences` of both, and say at the services with `access.requireToken` which of them takes which'
                          : lost === 'refused'
                            ? 'add `IngressTokens.optional` with the issuer and its `audiences` to the `tokens` of that host, or let the other issuers read their tokens from another place'
                            : 'say `forward: true` for the issuer',
                    },
                  ];
            }),
          );
    });
}

/** A service and those to which its routes lead on. */
function behind(intent: MeshIntent, ingress: IngressIntent): readonly ServiceRef[] {
  const { routes } = enteredTarget(intent.service(ingress.service), ingress);
  const others = routes.flatMap(({ action }) => (action.kind === 'forward' ? (action.to ?? []) : []));
  return [...new Map([ingress.service, ...others].map((ref) => [serviceKey(ref), ref])).values()];
}

function names({ intent }: Entry): readonly string[] {
  return intent.issuers.map(({ issuer }) => issuer);
}

function places(one: Entry, other: Entry): string {
  const [a, b] = [one, other].map(({ construct }) => construct.node.path);
  return a === b ? `at \`${a ?? ''}\`` : `at \`${a ?? ''}\` and at \`${b ?? ''}\``;
}
