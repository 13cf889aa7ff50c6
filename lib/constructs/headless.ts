import { Code, MeshError, quoted } from '../errors';
import type { Port } from '../intent/port';
import type { ResilienceLevel } from '../intent/resilience';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';

/** Refuses what a Service without an address cannot have: other ports than those of its pods, and a choice among them. */
export function requireHeadless(service: string, ports: readonly Port[], said: ResilienceLevel): void {
  const moved = ports.find(({ containerPort, servicePort }) => containerPort !== servicePort);
  if (moved !== undefined) {
    throw new MeshError(
      Code.HEADLESS,
      `port \`${moved.name}\` of \`${service}\` is \`${moved.servicePort}\`, and \`${moved.containerPort}\` in the container, while a headless Service translates nothing`,
      'leave `containerPort` out, and declare the port that the container listens on',
    );
  }
  requireUnbalanced(service, said);
}

/** Refuses to balance the load of a Service whose callers choose the pod. */
export function requireUnbalanced(service: string, said: ResilienceLevel): void {
  const unused = (['loadBalancing', 'locality'] as const).filter((key) => said[key] !== undefined);
  if (unused.length > 0) {
    throw new MeshError(
      Code.HEADLESS,
      `${quoted(unused)} of \`${service}\` can do nothing, since callers of a headless Service choose the pod`,
      'leave it out, or leave `headless` out',
    );
  }
}

/** Refuses versions where callers choose the pod, so that no share of them could be kept. */
export function requireChoice({ ref, headless }: ServiceDeclaration): void {
  if (headless === true) {
    throw new MeshError(
      Code.HEADLESS,
      `\`${serviceKey(ref)}\` is headless, so that its callers choose the pod and with it the version`,
      'release a service that is not `headless`',
    );
  }
}
