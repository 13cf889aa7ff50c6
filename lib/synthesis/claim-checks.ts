import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Conditions } from '../intent/conditions';
import { ANYTHING, coversConditions, intersect } from '../intent/conditions';
import type { EdgeTokens } from '../intent/edge-tokens';
import type { IngressIntent } from '../intent/ingress';
import { enteredAt } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { PathMatch } from '../intent/path-match';
import type { Registry } from './registry';

/** Rules of ingresses by claims of tokens that nobody checks there: they would match nothing, or what anybody writes down. */
export function claimProblems({ ingresses }: Registry, intent: MeshIntent): readonly Problem[] {
  return ingresses.flatMap(({ construct, intent: ingress }) => {
    const checked = intent.tokensAt(ingress.entrance);
    return ingress.routes.flatMap(({ name, matches }) =>
      matches.flatMap(({ _conditions }) => {
        const { claims = [], path } = _conditions;
        return claims.length === 0 || isChecked(ingress, _conditions, checked)
          ? []
          : [
              {
                code: Code.CLAIM_ROUTE,
                message: `route \`${name}\` of \`${construct.node.path}\` goes by claims ${quoted(claims.map(({ names }) => names.join('.')))} of requests for ${quoted(ingress.hosts)}${path === undefined ? '' : ` with path \`${path.value}\``}, and the gateway does not check all of their tokens`,
                fix: 'give `tokens` to the IngressRoute or its IngressHost that cover them: `IngressTokens.optional` where requests may come without, or `IngressTokens.required`',
              },
            ];
      }),
    );
  });
}

/** Whether the tokens of all requests that such a condition can match at an ingress are checked, whoever issued them. */
function isChecked(ingress: IngressIntent, { path }: Conditions, checked: readonly EdgeTokens[]): boolean {
  const wanted = onPath(path);
  const matched = enteredAt(ingress).flatMap((entered) => intersect(entered, wanted) ?? [wanted]);
  return matched.every((requests) =>
    checked.some(
      ({ hosts, paths, exceptPaths }) =>
        ingress.hosts.every((host) => hosts.includes(host)) &&
        (paths.length === 0 || paths.some((covered) => coversConditions(onPath(covered), requests))) &&
        exceptPaths.every((free) => intersect(onPath(free), requests)?.length === 0),
    ),
  );
}

function onPath(path: PathMatch | undefined): Conditions {
  return { ...ANYTHING, ...(path === undefined ? {} : { path }) };
}
