import type { Problem } from '../errors';
import { Code } from '../errors';
import { selectPorts } from './port';
import type { MeshIntent } from './mesh';
import { describeRef } from './peer';
import type { ServiceIntent } from './service';
import { serviceKey } from './service';

/** Calls that were granted, and would pass the caller's proxy by: they would have no identity. */
export function bypassedGrants(intent: MeshIntent): readonly Problem[] {
  return intent
    .allServices()
    .flatMap((service) => outboundPorts(service).flatMap((port) => hit(intent, service, port)));
}

function outboundPorts({ unprotected = [] }: ServiceIntent): readonly number[] {
  return unprotected.filter(({ direction }) => direction === 'outbound').map(({ port }) => port);
}

function hit(intent: MeshIntent, service: ServiceIntent, port: number): readonly Problem[] {
  const key = serviceKey(service.ref);
  const grant = intent.grantsFrom(service.ref).find(({ callee, ports }) => {
    if (callee.kind === 'kubernetesApi') {
      return false;
    }
    const known = callee.kind === 'service' ? intent.service(callee).ports : intent.external(callee).ports;
    return selectPorts(serviceKey(callee), known, ports).some(({ servicePort }) => servicePort === port);
  });
  return grant === undefined
    ? []
    : [
        {
          code: Code.UNPROTECTED,
          message: `unprotected outbound port \`${port}\` of \`${key}\` is that by which it may call ${describeRef(grant.callee)}, so that its calls there would have no identity`,
          fix: 'leave the port out of `unprotectedPorts`, or remove the grant',
        },
      ];
}
