import { MinHeap } from './min-heap';

const NONE: readonly number[] = [];

/** Things that come before others, by number. No recursion: chains may be as long as an app is large. */
export class Graph {
  private readonly after: (number[] | undefined)[] = [];
  private readonly waiting: number[] = [];

  /** Adds a thing and returns its number. */
  add(): number {
    this.waiting.push(0);
    return this.after.push(undefined) - 1;
  }

  /** Says that one comes before another. */
  connect(first: number, then: number): void {
    (this.after[first] ??= []).push(then);
    this.waiting[then] = (this.waiting[then] ?? 0) + 1;
  }

  /**
   * Everything in an order that keeps what was said, and otherwise goes by rank; each rank stands for one thing. What is missing
   * from the result waits for itself.
   */
  sorted(rankOf: (vertex: number) => number): number[] {
    const waiting = [...this.waiting];
    const ready = new MinHeap(rankOf);
    waiting.forEach((count, vertex) => count === 0 && ready.push(vertex));
    const result: number[] = [];
    for (let vertex = ready.pop(); vertex !== undefined; vertex = ready.pop()) {
      result.push(vertex);
      for (const next of this.nextOf(vertex)) {
        const left = (waiting[next] ?? 0) - 1;
        waiting[next] = left;
        if (left === 0) ready.push(next);
      }
    }
    return result;
  }

  /** For each thing the length of the longest way to it, along the given order, counting the steps that `weighs` says. */
  depths(order: readonly number[], weighs: (vertex: number) => boolean): number[] {
    const depths = this.after.map(() => 0);
    for (const vertex of order) {
      const depth = (depths[vertex] ?? 0) + (weighs(vertex) ? 1 : 0);
      for (const next of this.nextOf(vertex)) depths[next] = Math.max(depths[next] ?? 0, depth);
    }
    return depths;
  }

  /** One way that leads back to its start, among the things that are not in the order; each comes before the next. */
  cycle(order: readonly number[]): number[] {
    const done = new Set(order);
    const before = new Map<number, number>();
    this.after.forEach((next, vertex) => {
      if (!done.has(vertex)) next?.forEach((then) => before.set(then, vertex));
    });
    const seen = new Map<number, number>();
    const way: number[] = [];
    // Each thing that is left waits for another one that is left: walking back must come round.
    let at: number | undefined = this.after.findIndex((_, vertex) => !done.has(vertex));
    while (at !== undefined && !seen.has(at)) {
      seen.set(at, way.length);
      way.push(at);
      at = before.get(at);
    }
    return way.slice(at === undefined ? 0 : seen.get(at)).reverse();
  }

  private nextOf(vertex: number): readonly number[] {
    return this.after[vertex] ?? NONE;
  }
}
