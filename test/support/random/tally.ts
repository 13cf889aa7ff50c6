/** How often each option stood in what was accepted, in what was refused, and had a value that is always wrong. */
export class Tally {
  private readonly counts: ReadonlyMap<string, { accepted: number; refused: number; wrong: number }>;
  accepted = 0;
  refused = 0;

  constructor(names: readonly string[]) {
    this.counts = new Map([...new Set(names)].sort().map((name) => [name, { accepted: 0, refused: 0, wrong: 0 }]));
  }

  /** The names that are counted. */
  get names(): readonly string[] {
    return [...this.counts.keys()];
  }

  add(
    accepted: boolean,
    { options, wrong }: { readonly options: readonly string[]; readonly wrong: readonly string[] },
  ): void {
    const side = accepted ? 'accepted' : 'refused';
    this[side] += 1;
    // A wrong value in what is accepted is one that nothing looks at.
    const judged = accepted ? options.filter((name) => !wrong.includes(name)) : options;
    new Set(judged).forEach((name) => (this.of(name)[side] += 1));
    new Set(accepted ? [] : wrong).forEach((name) => (this.of(name).wrong += 1));
  }

  /** Options that stood on a side less often than so many times. */
  rarer(than: number, side: 'accepted' | 'refused'): readonly string[] {
    return this.names.filter((name) => this.of(name)[side] < than).map((name) => `${name}: ${this.of(name)[side]}`);
  }

  /** Options none of whose values are ever right. */
  alwaysWrong(): readonly string[] {
    return this.names.filter((name) => {
      const { accepted, refused, wrong } = this.of(name);
      return accepted === 0 && wrong > 0 && wrong === refused;
    });
  }

  toString(): string {
    return this.names
      .map(
        (name) =>
          `${name}: ${this.of(name).accepted} accepted, ${this.of(name).refused} refused, ${this.of(name).wrong} wrong`,
      )
      .join('\n');
  }

  private of(name: string) {
    const count = this.counts.get(name);
    if (count === undefined) throw new Error(`unknown option ${name}`);
    return count;
  }
}
