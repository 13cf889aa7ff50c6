/** Numbers, of which the one of the lowest rank comes out first. */
export class MinHeap {
  private readonly items: number[] = [];

  constructor(private readonly rankOf: (item: number) => number) {}

  push(item: number): void {
    let at = this.items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.swapIfBelow(at, parent)) return;
      at = parent;
    }
  }

  pop(): number | undefined {
    const [first] = this.items;
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return first;
    this.items[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = this.rankAt(left + 1) < this.rankAt(left) ? left + 1 : left;
      if (!this.swapIfBelow(child, at)) return first;
      at = child;
    }
  }

  private rankAt(index: number): number {
    const item = this.items[index];
    return item === undefined ? Infinity : this.rankOf(item);
  }

  private swapIfBelow(below: number, above: number): boolean {
    const [low, high] = [this.items[below], this.items[above]];
    if (low === undefined || high === undefined || this.rankOf(low) >= this.rankOf(high)) return false;
    this.items[above] = low;
    this.items[below] = high;
    return true;
  }
}
