import { typesOnly } from '../../../scripts/imports/types-only';

function types(generated: string): string {
  return typesOnly(generated, 'example.com/api@v1.0.0').split('\n').slice(2).join('\n');
}

test('gives fields the names that they have in the API', () => {
  const generated = `export interface Foo {
    /** @schema Foo#consecutive5xxErrors */
    readonly consecutive5XxErrors?: number;
    /** @schema Foo#jwks_uri */
    readonly jwksUri: string[];
    /** @schema Foo#a-b */
    readonly aB?: any;
    /** @schema Foo#when */
    readonly when?: Date;
  }`;
  expect(types(generated)).toBe(`export interface Foo {
  readonly consecutive5xxErrors?: number;
  readonly jwks_uri: readonly string[];
  readonly 'a-b'?: unknown;
  readonly when?: string;
}
`);
});

test('turns enumerations and value classes into types of plain values', () => {
  const generated = `export enum Mode { A_HYPHEN = "a-b", OTHER = "it's" }
  export enum Status { VALUE_301 = 301 }
  export class Port { private constructor(public readonly value: number | string) {} }`;
  expect(types(generated)).toBe(`export type Mode =
  | 'a-b'
  | 'it\\'s';

export type Status =
  | 301;

export type Port = number | string;
`);
});

test('leaves out constructs and everything else that runs', () => {
  const generated = `import { ApiObject } from 'cdk8s';
  export class Foo extends ApiObject { public constructor(scope: unknown) { super(scope); } }
  export function toJson_Foo(obj: unknown): unknown { return obj; }`;
  expect(types(generated).trim()).toBe('');
});

test('refuses a field whose name in the API it cannot tell', () => {
  expect(() => types('export interface Foo { readonly a: string; }')).toThrow('no `@schema` tag on generated field `a`');
});
