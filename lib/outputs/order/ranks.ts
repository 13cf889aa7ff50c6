/** For each key the place that it has among them all. */
export function ranks(keys: readonly string[]): readonly number[] {
  const result: number[] = [];
  keys
    .map((key, index) => ({ key, index }))
    // By code units, since the locale of a machine must not change the output.
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .forEach(({ index }, rank) => (result[index] = rank));
  return result;
}
