import { Code, MeshError } from '../errors';
import { givenShape, givenText } from '../intent/given';
import { requireHeaderName } from '../intent/header-match';
import type { HeaderChangesIntent } from '../intent/route';

/** Changes to headers. */
export interface HeaderChanges {
  /**
   * Headers that get this value, whatever they had.
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };
  /**
   * Headers that get a further value.
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };
  /**
   * Headers that are taken away.
   * @default - none
   */
  readonly remove?: string[];
}

/** Changes to headers as users say them; refuses those that change nothing, or that no header could have. */
export function headerChanges(route: string, changes: HeaderChanges | undefined): HeaderChangesIntent {
  const {
    set = {},
    add = {},
    remove = [],
  } = givenShape(`changes to headers of ${route}`, changes ?? {}, {
    set: 'object?',
    add: 'object?',
    remove: 'text[]?',
  });
  for (const [name, value] of [...Object.entries(set), ...Object.entries(add)]) {
    givenText(`header \`${name}\` of ${route}`, value);
  }
  const names = [...Object.keys(set), ...Object.keys(add), ...remove].map((name) => requireHeaderName(route, name));
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((_, index) => lower.indexOf(lower[index] ?? '') !== index);
  const broken = Object.entries({ ...set, ...add }).find(([, value]) => /[\0\r\n]/.test(value) || value === '');
  if (changes !== undefined && (names.length === 0 || twice !== undefined || broken !== undefined)) {
    throw new MeshError(
      Code.ROUTE,
      names.length === 0
        ? `${route} has changes to headers that change nothing`
        : `${route} ${twice === undefined ? `gives header \`${broken?.[0] ?? ''}\` a value that no header has` : `changes header \`${twice}\` twice`}`,
      'give `set`, `add` or `remove`, each header once, and values of one line',
    );
  }
  return { set, add, remove };
}
