import { Yaml } from 'cdk8s';
import { parseManifests } from '../../../../lib/manifests/located';
import { stageProblems } from '../../../../lib/providers/istio/stages/stage';

function objects(file: string, text: string) {
  const { objects: found, problems } = parseManifests(file, text);
  expect(problems).toEqual([]);
  return found.map(({ object, line }) => ({ object, place: `${file}:${line}` }));
}

/** What is wrong with one change, in one line each. */
function problems(before: string, after: string): readonly string[] {
  return stageProblems(objects('before.yaml', before), objects('after.yaml', after)).map(
    ({ code, message, fix }) => `${code}: ${message}; fix: ${fix}`,
  );
}

const object = (
  kind: string,
  name: string,
  spec: object,
  metadata: object = {},
  apiVersion = 'networking.istio.io/v1',
) => Yaml.stringify({ apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
const join = (...documents: readonly string[]) => documents.join('---\n');

const HOST = 'users.shop.svc.cluster.local';
const rule = (...names: readonly string[]) =>
  object('DestinationRule', 'users', {
    host: HOST,
    subsets: names.map((name) => ({ name, labels: { version: name } })),
  });
const to = (subset?: string, host = HOST) => ({ destination: { host, ...(subset === undefined ? {} : { subset }) } });
const routes = (spec: object) => object('VirtualService', 'users', { hosts: [HOST], ...spec });
const OWN = routes({ http: [{ route: [to('v1')] }] });

describe('a subset that goes', () => {
  test.each([
    [
      'routes to it with a weight',
      {
        http: [
          {
            route: [
              { ...to('v1'), weight: 99 },
              { ...to('v2'), weight: 1 },
            ],
          },
        ],
      },
    ],
    ['routes to it alone, where a weight of 0 means everything', { http: [{ route: [{ ...to('v2'), weight: 0 }] }] }],
    [
      'routes what matches to it',
      { http: [{ match: [{ uri: { exact: '/' } }], route: [to('v2')] }, { route: [to()] }] },
    ],
    ['mirrors to it', { http: [{ route: [to('v1')], mirror: { host: HOST, subset: 'v2' } }] }],
    [
      'mirrors a share to it',
      { http: [{ route: [to('v1')], mirrors: [{ ...to('v2'), percentage: { value: 0.1 } }] }] },
    ],
    ['sends connections to it', { tcp: [{ route: [to('v2')] }] }],
    ['sends TLS to it', { tls: [{ match: [{ sniHosts: ['a.example'] }], route: [to('v2')] }] }],
    [
      'is bound to a gateway',
      { gateways: ['istio-ingress/shop'], hosts: ['shop.example'], http: [{ route: [to('v2')] }] },
    ],
    ['names the Service alone', { http: [{ route: [to('v2', 'users')] }] }],
    ['ends the host elsewhere', { http: [{ route: [to('v2', 'users.shop.svc')] }] }],
  ])('is refused where a VirtualService of before %s', (_, spec) => {
    expect(problems(join(rule('v1', 'v2'), routes(spec)), join(rule('v1'), OWN))).toEqual([
      expect.stringMatching(
        /^MESH-API-069: subset `v2` of `users.*` is removed from `DestinationRule shop\/users` \(`before\.yaml:1`\), and before `VirtualService shop\/users` \(`before\.yaml:\d+`\) routes to it; fix: .* next one$/,
      ),
    ]);
  });

  test.each([
    ['no route of before asks for it', { http: [{ route: [to('v1')] }] }],
    [
      'its weight is 0',
      {
        http: [
          {
            route: [
              { ...to('v1'), weight: 100 },
              { ...to('v2'), weight: 0 },
            ],
          },
        ],
      },
    ],
    ['it has no weight beside others', { http: [{ route: [{ ...to('v1'), weight: 100 }, to('v2')] }] }],
    [
      'nothing is mirrored to it',
      { http: [{ route: [to('v1')], mirror: { host: HOST, subset: 'v2' }, mirrorPercentage: { value: 0 } }] },
    ],
    ['another host has one of its name', { http: [{ route: [to('v1')] }, { route: [to('v2', 'users.bank')] }] }],
  ])('may go where %s', (_, spec) => {
    const found = problems(join(rule('v1', 'v2'), routes(spec)), join(rule('v1'), OWN));
    expect(found.filter((text) => text.includes('is removed'))).toEqual([]);
  });

  test('is refused where its DestinationRule goes and the Service stays', () => {
    const before = join(rule('v1'), OWN);
    const service = object('Service', 'users', {}, {}, 'v1');
    expect(problems(before, service)).toEqual([expect.stringContaining('subset `v1`')]);
    expect(problems(before, routes({ http: [{ route: [to()] }] }))).toEqual([expect.stringContaining('subset `v1`')]);
    expect(problems(before, object('Service', 'carts', {}, {}, 'v1'))).toEqual([]);
  });

  test('is not missed where it was missing before: routes to it may be put right', () => {
    expect(problems(join(rule('v1'), routes({ http: [{ route: [to('v2')] }] })), join(rule('v1'), OWN))).toEqual([]);
  });

  test('may move to another DestinationRule of the host, also one of several hosts', () => {
    const wide = object('DestinationRule', 'all', { host: '*.shop.svc.cluster.local', subsets: [{ name: 'v1' }] });
    expect(problems(join(rule('v1'), OWN), join(wide, OWN))).toEqual([]);
    expect(problems(join(rule('v1'), OWN), join(rule('v1').replace('name: users', 'name: other'), OWN))).toEqual([]);
    // The more specific rule counts, and it says nothing of v1.
    expect(problems(join(rule('v1'), OWN), join(wide, rule('v2'), OWN))).toHaveLength(1);
  });

  test('is told with every object that routes to it, in any version of the API', () => {
    const old = object(
      'VirtualService',
      'entry',
      { hosts: ['shop.example'], gateways: ['shop'], http: [{ route: [to('v2')] }] },
      {},
      'networking.istio.io/v1beta1',
    );
    const before = join(rule('v1', 'v2'), routes({ http: [{ route: [to('v2')] }] }), old);
    expect(problems(before, join(rule('v1'), OWN))).toEqual([
      expect.stringMatching(/`VirtualService shop\/users` \(.*\), `VirtualService shop\/entry` \(.*\) route to it/),
    ]);
  });
});

describe('a route to what is not defined', () => {
  test.each([
    ['beside others', rule('v1'), /`DestinationRule shop\/users` \(`after\.yaml:1`\) does not define/],
    ['of a host without any', '', /no DestinationRule defines/],
  ])('is refused: a subset %s', (_, rules, message) => {
    const after = join(...(rules === '' ? [] : [rules]), routes({ http: [{ route: [to('v2')] }] }));
    const [only, ...others] = problems('', after);
    expect(only).toMatch(message);
    expect(only).toMatch(/^MESH-API-069: `VirtualService shop\/users` \(`after\.yaml:\d+`\) routes to subset `v2` of/);
    expect(others).toEqual([]);
  });
});

describe('the annotation of a plan', () => {
  const noted = (note: string, spec: object) =>
    join(
      rule('v1', 'v2'),
      object(
        'VirtualService',
        'users',
        { hosts: [HOST], ...spec },
        { annotations: { 'cdk8s-mesh.github.io/release-plan': note } },
      ),
    );
  const shared = (weight: number) => ({
    http: [
      {
        route: [
          { ...to('v1'), weight: 100 - weight },
          { ...to('v2'), weight },
        ],
      },
    ],
  });
  const note = (at: number, steps = '5,25,100') => `stable=v1 candidate=v2 steps=${steps} at=${at}`;

  test.each(['', 'v1 -> v2', note(4), note(1, '25,5'), note(1, '0,5'), `${note(1)} `])('is refused as `%s`', (text) => {
    const found = problems(noted(note(1), shared(5)), noted(text, shared(5)));
    expect(found).toEqual([
      expect.stringMatching(/^MESH-API-068: `VirtualService shop\/users` \(`after\.yaml:\d+`\) has/),
    ]);
    expect(found[0]).toContain(`release-plan: ${text}\`, which is no plan`);
  });

  test('is refused where the routes beside it say another share', () => {
    expect(problems(noted(note(1), shared(50)), noted(note(2), shared(25)))).toEqual([
      expect.stringMatching(/^MESH-API-068: .*`before\.yaml:\d+`.* which is `5` percent, and routes `50` percent/),
    ]);
  });

  test.each<[string, string, string, string | undefined]>([
    ['the share stays', note(2), note(1, '25,50,100'), undefined],
    ['the share goes to the next of all steps', note(2), note(2, '10,50,100'), undefined],
    ['the share goes to the one before', note(2), note(1, '10,50,100'), undefined],
    ['the share passes an old step', note(1), note(2, '5,100'), 'past `25`'],
    ['the share passes a new step', note(2), note(4, '5,25,50,100'), 'past `50`'],
    ['the share falls past a step', note(3), note(1, '5,100'), 'past `25`'],
    ['there is no share any more', note(2), note(0, '1,2,3'), undefined],
  ])('may change its steps or not: %s', (_, from, next, refusal) => {
    const share = (text: string) => {
      const [, steps = '', at = ''] = /steps=(\S+) at=(\d)/.exec(text) ?? [];
      return shared([0, ...steps.split(',').map(Number)][Number(at)] ?? 0);
    };
    expect(problems(noted(from, share(from)), noted(next, share(next)))).toEqual(
      refusal === undefined ? [] : [expect.stringContaining(refusal)],
    );
  });

  test('may be left with the share that it has, or with none, and be taken up with that share', () => {
    const free = (weight: number) => join(rule('v1', 'v2'), routes(shared(weight)));
    expect(problems(noted(note(2), shared(25)), free(25))).toEqual([]);
    expect(problems(noted(note(2), shared(25)), free(0))).toEqual([]);
    expect(problems(noted(note(2), shared(25)), free(60))).toEqual([
      expect.stringMatching(
        /^MESH-API-067: candidate `v2` leaves its plan at `at: 2` \(25%\) for a share of `60` percent/,
      ),
    ]);
    expect(problems(free(25), noted(note(2), shared(25)))).toEqual([]);
    expect(problems(free(24), noted(note(2), shared(25)))).toEqual([
      expect.stringMatching(
        /^MESH-API-067: the plan of candidate `v2` begins at `at: 2` .*`at: 0`, or with the `24` percent/,
      ),
    ]);
  });
});
