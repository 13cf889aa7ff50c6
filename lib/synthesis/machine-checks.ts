import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Machines } from '../intent/machines';
import { serviceKey } from '../intent/service';
import type { ServiceEntry } from './registry';

/** What machines outside the cluster cannot be told by manifests. */
export function machineProblems(
  { declaration }: ServiceEntry,
  { name }: Machines,
  version: string | undefined,
): readonly Problem[] {
  const key = serviceKey(declaration.ref);
  const asked = [
    ...(declaration.proxy.chosen ? ['`proxy`'] : []),
    ...(declaration.unprotected === undefined ? [] : ['`unprotectedPorts`']),
    ...(version === undefined ? [] : ['versions']),
  ];
  return asked.length === 0
    ? []
    : [
        {
          code: Code.MACHINES,
          message: `virtual machines \`${name}\` of \`${key}\` are no pods, and ${asked.join(', ')} of \`${key}\` would be said on pods`,
          fix: 'leave it out, and set the proxy up on the machines',
        },
      ];
}
