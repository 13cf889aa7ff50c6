type Labels = Readonly<Record<string, string>>;

/** Finds the entries of a namespace that labels select, without looking at all of them. */
export class SelectionIndex<T> {
  private readonly entries = new Map<string, { readonly labels: Labels; readonly value: T }[]>();

  /** Adds something that carries labels. */
  add(namespace: string, labels: Labels, value: T): void {
    for (const [key, text] of Object.entries(labels)) {
      const bucket = JSON.stringify([namespace, key, text]);
      const known = this.entries.get(bucket);
      if (known === undefined) {
        this.entries.set(bucket, [{ labels, value }]);
      } else {
        known.push({ labels, value });
      }
    }
  }

  /** What a selector selects; an empty selector is not one. */
  selected(namespace: string, selector: Labels): readonly T[] {
    const buckets = Object.entries(selector).map(
      ([key, text]) => this.entries.get(JSON.stringify([namespace, key, text])) ?? [],
    );
    const smallest = buckets.reduce(
      (least, bucket) => (bucket.length < least.length ? bucket : least),
      buckets[0] ?? [],
    );
    return smallest
      .filter(({ labels }) => Object.entries(selector).every(([key, text]) => labels[key] === text))
      .map(({ value }) => value);
  }
}
