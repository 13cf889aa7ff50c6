import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as library from '../lib';
import { choices } from './support/random/choices';
import { checkChoices } from './support/random/property';

const RUNS = 1000;

/**
 * Modules of the public door that are about routing, releases and resilience. The compiler sees to it that each option that is
 * added to one of their structs is among the random ones.
 */
const MODULES = new RegExp(
  [
    String.raw`constructs/(canary-release|egress-gateway|external-host|ingress-\w+|mirror|release-\w+|service-declaration)`,
    String.raw`intent/(\w+-match|operation|port|resilience|user-share)`,
    String.raw`options/(connection-route|cors|endpoints|explain-resilience|fault|ingress-tls|ingress-tokens|load-balancing|locality|rate-limit|release-controller|requests)`,
    String.raw`options/(resilience|route|route-action|scoped-resilience|share|tls-origination)`,
  ].join('|'),
);

/** What is given back, and what only stands for what others have in common. */
const NO_CHOICE: readonly string[] = ['ResilienceSource', 'MirrorOptions'];

/** Options, and classes made by factories, in those modules. */
function concerned(): readonly string[] {
  const door = readFileSync(resolve(__dirname, '../lib/index.ts'), 'utf8');
  const values: Readonly<Record<string, unknown>> = library;
  const made = (value: unknown) =>
    typeof value === 'function' &&
    Object.getOwnPropertyNames(value).some((key) => !/^(_.*|length|name|prototype)$/.test(key));
  return [...door.matchAll(/\{([^}]*)\} from '\.\/([^']*)'/g)]
    .filter(([, , module = '']) => new RegExp(`^(${MODULES.source})$`).test(module))
    .flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !NO_CHOICE.includes(name) && (values[name] === undefined || made(values[name])));
}

test('what 1,000 random services become is valid, or refused with a code and a fix', () => {
  checkChoices(RUNS);
});

test('every option and every factory about routing, releases and resilience is among the random ones', () => {
  const random = new Set(choices.names.map((name) => name.split('.')[0]));
  expect(concerned().length).toBeGreaterThan(50);
  expect(concerned().filter((name) => !random.has(name))).toEqual([]);
});
