import type { ObjectChange } from './object-diff';

const SIGN = { added: '+', removed: '-', changed: '~' } as const;

/** One line per object, one more per changed field. */
export function formatDiff(changes: readonly ObjectChange[]): string {
  if (changes.length === 0) return 'no object changed';
  return changes.map(formatChange).join('\n');
}

function formatChange({ object, change, fields }: ObjectChange): string {
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return [`${SIGN[change]} ${object.apiVersion} ${object.kind} ${name}`, ...fields.map((path) => `    ${path}`)].join(
    '\n',
  );
}
