import type { Problem } from '../errors';
import { Code } from '../errors';
import { openedPorts } from './access';
import { overlap } from './address-range';
import type { ExternalIntent } from './external';
import type { MeshIntent } from './mesh';
import type { Port } from './port';
import { serviceKey } from './service';

/** Something outside that a service may call, with the ports on which it may. */
interface Reached {
  readonly external: ExternalIntent;
  readonly ports: readonly Port[];
}

/** Addresses outside that are one to the proxy of a caller, which would lead the connections of both to one of them. */
export function externalConflicts(intent: MeshIntent): readonly Problem[] {
  const found = intent.allServices().flatMap(({ ref }) => {
    const reached = intent.grantsFrom(ref).flatMap((grant) => {
      if (grant.callee.kind !== 'external') {
        return [];
      }
      const external = intent.external(grant.callee);
      return [{ external, ports: openedPorts(external.host, external.ports, grant).ports }];
    });
    return reached.flatMap((one, index) =>
      reached.slice(0, index).flatMap((other) => conflict(serviceKey(ref), other, one)),
    );
  });
  return [...new Map(found.map((problem) => [problem.message, problem])).values()];
}

function conflict(caller: string, one: Reached, other: Reached): readonly Problem[] {
  if (serviceKey(one.external) === serviceKey(other.external)) {
    return [];
  }
  const shared = addresses(one.external).find((a) => addresses(other.external).some((b) => overlap(a, b)));
  const port = one.ports.find((a) =>
    // Where there are requests, their host tells one from the other.
    other.ports.some((b) => a.servicePort === b.servicePort && !(a.carriesRequests && b.carriesRequests)),
  );
  return shared === undefined || port === undefined
    ? []
    : [
        {
          code: Code.EXTERNAL_TCP,
          message: `\`${serviceKey(one.external)}\` and \`${serviceKey(other.external)}\`, which \`${caller}\` may call, have \`${shared}\` on port \`${port.servicePort}\` in common, so that its proxy would take one for the other`,
          fix: 'declare these addresses once, or allow the caller to call one of the two',
        },
      ];
}

function addresses({ resolution }: ExternalIntent): readonly string[] {
  return 'addresses' in resolution ? resolution.addresses : [];
}
