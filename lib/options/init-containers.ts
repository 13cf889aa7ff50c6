import { Code, MeshError, quoted } from '../errors';
import type { InitCalls } from '../intent/pod';

/** What the init containers of a service's pods do. */
export enum InitContainers {
  /** Some of them call others, so the proxy must run before them: that takes native sidecars. */
  CALL_OTHERS = 'callOthers',
  /** None of them calls anybody; they may start before the proxy. */
  CALL_NOBODY = 'callNobody',
}

/** What was said of them; refuses what is no value. */
export function initCalls(service: string, said: InitContainers): InitCalls {
  const known = Object.values(InitContainers);
  if (known.includes(said)) {
    return said;
  }
  throw new MeshError(
    Code.INIT_CONTAINERS,
    `\`initContainers\` of \`${service}\` is \`${String(said)}\`, there are ${quoted(known)}`,
    'use a value of `InitContainers`',
  );
}
