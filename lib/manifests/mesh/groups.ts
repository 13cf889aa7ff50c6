/** The entries of a list by a key of theirs, in the order of the list. */
export function groupBy<T>(entries: Iterable<T>, key: (entry: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const known = groups.get(key(entry));
    if (known === undefined) groups.set(key(entry), [entry]);
    else known.push(entry);
  }
  return groups;
}
