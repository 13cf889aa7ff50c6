import { Duration } from 'cdk8s';
import fc from 'fast-check';

/** A value that is made when it is needed, since making it may throw, and what it is made of. */
export interface Made<T, W> {
  readonly make: (world: W) => T;
  /** Options that it uses, for example `RetriesOptions.attempts` and `Retries.of`. */
  readonly options: readonly string[];
  /** Options that have a value which nothing makes good. */
  readonly wrong: readonly string[];
  /** How one would write it. */
  readonly text: string;
}

/** Random values, and every option that they can be made of. */
export interface Some<T, W> {
  readonly arbitrary: fc.Arbitrary<Made<T, W>>;
  readonly names: readonly string[];
}

/** How many values of one option are good for each that is bad. */
const GOOD_FOR_EACH_BAD = 250;

/** Mostly something good, now and then something that is always refused. */
export function values<T>(good: readonly T[], bad: readonly T[] = []): Some<T, unknown> {
  const made = (value: T, wrong: readonly string[]): Made<T, unknown> => ({
    make: () => value,
    options: [],
    wrong,
    text: textOf(value),
  });
  const choose = (some: readonly T[], wrong: readonly string[]) =>
    fc.constantFrom(...some).map((value) => made(value, wrong));
  return {
    names: [],
    arbitrary:
      bad.length === 0
        ? choose(good, [])
        : good.length === 0
          ? choose(bad, [''])
          : fc.oneof(
              { weight: GOOD_FOR_EACH_BAD, arbitrary: choose(good, []) },
              { weight: 1, arbitrary: choose(bad, ['']) },
            ),
  };
}

/** What these values become in the world that they are for. */
export function become<T, U, W>(some: Some<T, W>, text: string, make: (value: T, world: W) => U): Some<U, W> {
  return {
    names: some.names,
    arbitrary: some.arbitrary.map((made) => ({
      ...made,
      make: (world) => make(made.make(world), world),
      text: `${text}(${made.text})`,
    })),
  };
}

/** Something that only the world has. */
export function ofWorld<T, W>(text: string, make: (world: W) => T): Some<T, W> {
  return { names: [], arbitrary: fc.constant({ make, options: [], wrong: [], text }) };
}

/** The same, not made before its world stands. */
export function later<T, W>(some: Some<T, W>): Some<(world: W) => T, unknown> {
  return {
    names: some.names,
    arbitrary: some.arbitrary.map(({ make, ...rest }) => ({ ...rest, make: () => make })),
  };
}

/** One of these. */
export function oneOf<T, W>(...some: readonly Some<T, W>[]): Some<T, W> {
  return { names: some.flatMap(({ names }) => names), arbitrary: fc.oneof(...some.map(({ arbitrary }) => arbitrary)) };
}

/** One of these, each as often as its number says. */
export function weighted<T, W>(...some: readonly (readonly [number, Some<T, W>])[]): Some<T, W> {
  return {
    names: some.flatMap(([, { names }]) => names),
    arbitrary: fc.oneof(...some.map(([weight, { arbitrary }]) => ({ weight, arbitrary }))),
  };
}

/** A list of these. */
export function listOf<T, W>(some: Some<T, W>, minLength: number, maxLength: number): Some<T[], W> {
  return {
    names: some.names,
    arbitrary: fc.array(some.arbitrary, { minLength, maxLength }).map((items) => ({
      make: (world) => items.map((item) => item.make(world)),
      options: items.flatMap(({ options }) => options),
      wrong: items.flatMap(({ wrong }) => wrong),
      text: `[${items.map(({ text }) => text).join(', ')}]`,
    })),
  };
}

/** Two values made of one choice: what belongs together. */
export function both<T, U, V, W>(one: Some<T, W>, other: Some<U, W>, join: (one: T, other: U) => V): Some<V, W> {
  return {
    names: [...one.names, ...other.names],
    arbitrary: fc.tuple(one.arbitrary, other.arbitrary).map(([a, b]) => ({
      make: (world) => join(a.make(world), b.make(world)),
      options: [...a.options, ...b.options],
      wrong: [...a.wrong, ...b.wrong],
      text: `${a.text}, ${b.text}`,
    })),
  };
}

/** The factories of a class, all of them: the compiler says when one is missing. */
export type Factory<C> = Exclude<keyof C & string, 'prototype' | `_${string}`>;

/** A value of each factory of a class, all of which have to be given; some more often than others. */
export function factories<C>(name: string, weights: { readonly [K in Factory<C>]?: number } = {}) {
  const weightOf: Readonly<Record<string, number | undefined>> = weights;
  return <T, W>(each: { readonly [K in Factory<C>]: Some<T, W> }): Some<T, W> =>
    weighted(
      ...Object.entries<Some<T, W>>(each).map(([factory, some]) => {
        const one: readonly [number, Some<T, W>] = [weightOf[factory] ?? 1, named(`${name}.${factory}`, some)];
        return one;
      }),
    );
}

/** What counts under a name of its own. */
export function named<T, W>(name: string, some: Some<T, W>): Some<T, W> {
  return {
    names: [name, ...some.names],
    arbitrary: some.arbitrary.map((made) => ({
      ...made,
      options: [name, ...made.options],
      wrong: made.wrong.map((option) => option || name),
    })),
  };
}

/** Values of an option, and in how many of a hundred structs it stands. */
export interface Option<T, W> {
  readonly some: Some<T, W>;
  readonly percent: number;
}

export const always = <T, W>(some: Some<T, W>): Option<T, W> => ({ some, percent: 100 });
export const often = <T, W>(some: Some<T, W>): Option<T, W> => ({ some, percent: 50 });
export const mostly = <T, W>(some: Some<T, W>): Option<T, W> => ({ some, percent: 75 });
export const seldom = <T, W>(some: Some<T, W>): Option<T, W> => ({ some, percent: 18 });

/** Every option of a struct: the compiler says when one is missing. */
export type Options<S, W> = { readonly [K in keyof S]-?: Option<Exclude<S[K], undefined>, W> };

/** A struct with random options, all of which have to be given. */
export function struct<S extends object>(name: string) {
  return <W>(options: Options<S, W>): Some<S, W> => structOf<S, W>(name, options);
}

/** A struct with some of its options, where another one has all of them. */
export function part<S extends object>(name: string) {
  return <W>(options: Partial<Options<S, W>>): Some<S, W> => structOf<S, W>(name, options);
}

function structOf<S extends object, W>(name: string, options: Partial<Options<S, W>>): Some<S, W> {
  const fields = Object.entries<Option<unknown, W> | undefined>(options).flatMap(([key, option]) =>
    option === undefined ? [] : [{ key, ...option, some: named(`${name}.${key}`, option.some) }],
  );
  return {
    names: fields.flatMap(({ some }) => some.names),
    arbitrary: fc
      .tuple(
        ...fields.map(({ key, some, percent }) => {
          const present = some.arbitrary.map((made) => ({ key, made }));
          return percent === 100
            ? present
            : fc.oneof(
                { weight: 100 - percent, arbitrary: fc.constant(undefined) },
                { weight: percent, arbitrary: present },
              );
        }),
      )
      .map((all) => {
        const chosen = all.filter((field) => field !== undefined);
        return {
          // An option that is left out is no key, as one who leaves it out writes it.
          make: (world: W) => Object.fromEntries(chosen.map(({ key, made }) => [key, made.make(world)])) as S,
          options: chosen.flatMap(({ made }) => made.options),
          wrong: chosen.flatMap(({ made }) => made.wrong),
          text: `{ ${chosen.map(({ key, made }) => `${key}: ${made.text}`).join(', ')} }`,
        };
      }),
  };
}

function textOf(value: unknown): string {
  return value instanceof Duration ? `Duration.millis(${value.toMilliseconds()})` : JSON.stringify(value);
}
