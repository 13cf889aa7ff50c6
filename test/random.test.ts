import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as library from '../lib';
import { choices } from './support/random/choices';
import { checkChoices } from './support/random/property';

const RUNS = 1000;

/** Parts of the public door that are about other things than routing, releases and resilience. */
const ELSEWHERE: readonly string[] = [
  // Who may call whom.
  'Peer',
  'ServiceAccountPeerOptions',
  'SourceAddresses',
  'Claim',
  'ClaimCondition',
  'DenyOptions',
  'RequestOptions',
  'RequireTokenOptions',
  'TokenHeader',
  'TokenIssuer',
  'TokenIssuerProps',
  'TokenKeys',
  // Where services stand, and what is outside.
  'Mesh',
  'MeshedService',
  'MeshedServiceRefProps',
  'MeshedNamespace',
  'MeshedNamespaceProps',
  'ExistingMeshedNamespaceProps',
  'ZeroTrustNamespace',
  'ZeroTrustNamespaceProps',
  'ExistingZeroTrustNamespaceProps',
  'Workload',
  'ExternalWorkloadProps',
  'ExternalServiceProps',
  'MeshOptions',
  'MeshAppProps',
  'ProxyOptions',
  // What is given back.
  'VisibleHost',
  'ResilienceSource',
];

/** Options, and classes made by factories, that users can see: all but constructs, enums and interfaces with methods. */
function exported(): readonly string[] {
  const door = readFileSync(resolve(__dirname, '../lib/index.ts'), 'utf8');
  const names = [...door.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim()),
  );
  const values: Readonly<Record<string, unknown>> = library;
  const made = (value: unknown) =>
    typeof value === 'function' &&
    Object.getOwnPropertyNames(value).some((key) => !/^(_|length$|name$|prototype$)/.test(key));
  return names.filter((name) => name !== '' && !/^I[A-Z]/.test(name) && (!(name in values) || made(values[name])));
}

test('what 1,000 random services become is valid, or refused with a code and a fix', () => {
  checkChoices(RUNS);
});

test('every option and every factory about routing, releases and resilience is among the random ones', () => {
  const random = new Set(choices.names.map((name) => name.split('.')[0]));
  expect(exported().filter((name) => !random.has(name) && !ELSEWHERE.includes(name))).toEqual([]);
  expect(ELSEWHERE.filter((name) => !exported().includes(name) || random.has(name))).toEqual([]);
});
