import { Code, MeshError, describeProblem } from '../errors';
import type { Port } from '../intent/port';
import type { ServiceDeclaration } from '../intent/service';
import type { UnprotectedPort } from '../options/unprotected-port';
import type { Mesh } from './mesh';

/** Ports of a service that pass its proxy by; refuses those on which it can be called, and warns of the others. */
export function unprotectedOf(
  mesh: Mesh,
  key: string,
  ports: readonly Port[],
  said: readonly UnprotectedPort[],
): Pick<ServiceDeclaration, 'unprotected'> {
  const unprotected = said.map(({ _intent }) => _intent);
  for (const { direction, port, reason } of unprotected) {
    const own = direction === 'inbound' ? ports.find(({ containerPort }) => containerPort === port) : undefined;
    if (own !== undefined) {
      throw new MeshError(
        Code.UNPROTECTED,
        `unprotected inbound port \`${port}\` of \`${key}\` is its port \`${own.name}\`, whose grants could not hold`,
        'leave it out of `unprotectedPorts`, or out of `ports`',
      );
    }
    mesh._registry.warnings.add(
      describeProblem({
        code: Code.UNPROTECTED_ON,
        message: `${direction} port \`${port}\` of \`${key}\` passes its proxy by, without mutual TLS, identities and policies of the mesh: ${reason}`,
        fix: 'declare it with `Port` or an external host as soon as its protocol allows',
      }),
    );
  }
  return unprotected.length === 0 ? {} : { unprotected };
}
