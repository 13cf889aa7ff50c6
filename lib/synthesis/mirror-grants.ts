import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Conditions } from '../intent/conditions';
import { ANYTHING, intersect } from '../intent/conditions';
import type { MeshIntent } from '../intent/mesh';
import type { MirrorIntent } from '../intent/mirror';
import { mirroredRequests } from '../intent/mirror';
import type { Passage } from '../intent/passage';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { portsFor } from '../intent/route-end';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { PortPassage } from './allowed';
import { refusal } from './allowed';

/** Copies that their destination would refuse: they carry the identity of the caller, whose proxy makes them. */
export function refusedCopies(
  intent: MeshIntent,
  service: ServiceIntent,
  { port: called, passage, under }: PortPassage,
): readonly Problem[] {
  const callee = passage.to === undefined ? service : intent.service(passage.to);
  const mirror = callee.release?.mirror;
  if (mirror?.to.kind !== 'service') {
    return [];
  }
  const { route } = passage;
  const name = route?.action.kind === 'forward' ? route.action.port : undefined;
  const port = passage.to === undefined ? called : onlyPort(callee, name);
  const copy = intent.service(mirror.to.ref);
  const there = onlyPort(copy, mirror.to.port);
  if (port === undefined || there === undefined) {
    return [];
  }
  const copyName = serviceKey(copy.ref);
  return copiesOf(mirror, port, passage).flatMap((sent) =>
    passage.conditions.callers.flatMap((caller) => {
      const no = refusal(intent, copy, there, caller, under, sent);
      return no === undefined
        ? []
        : [
            {
              code: Code.RELEASE,
              message: `what ${describeRef(caller)} sends to \`${serviceKey(callee.ref)}\` is mirrored to \`${copyName}\`${sent.path === undefined ? '' : `, path \`${sent.path.value}\``}, ${no.why}`,
              fix: no.fix,
            },
          ];
    }),
  );
}

/** The copies of requests, with the paths that they have after the route. */
function copiesOf(mirror: MirrorIntent, port: Port, { conditions, path }: Passage): readonly Conditions[] {
  const { path: after, ...rest } = conditions;
  const before = { ...rest, ...(path === undefined ? {} : { path }) };
  const rewritten = after?.value !== path?.value;
  return mirroredRequests(mirror, port).flatMap((copied) =>
    // Where only a proxy could tell, everything that could be copied counts.
    (intersect(before, copied) ?? [before]).map((both) => {
      const sent = rewritten ? after : both.path;
      return { ...ANYTHING, methods: both.methods, ...(sent === undefined ? {} : { path: sent }) };
    }),
  );
}

function onlyPort({ ports }: ServiceIntent, name: string | undefined): Port | undefined {
  const [only, ...others] = portsFor(ports, name);
  return others.length === 0 ? only : undefined;
}
