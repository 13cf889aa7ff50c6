import { baselineText, readBaseline } from '../../lib/check/baseline';
import { readWaiverFile } from '../../lib/check/waiver-file';
import { endingSoon } from '../../lib/check/waivers';
import { parseManifests } from '../../lib/manifests/located';
import { BOTH, LABELS, LOST, LOST_ROUTE, SHOP, TODAY, reportOf } from './fixtures';

const NOTE = 'cdk8s-mesh.github.io/waive';

function noted(note: string): string {
  return SHOP.replace('  labels', `  annotations:\n    ${NOTE}: ${JSON.stringify(note)}\n  labels`);
}

test('a finding has everything that is needed to go there', () => {
  expect(reportOf(BOTH).findings.map(({ finding }) => finding)).toEqual([
    expect.objectContaining({
      code: LOST,
      istio: 'IST0101',
      severity: 'error',
      resource: 'VirtualService shop/cart',
      field: 'spec.gateways[0]',
      file: 'dist/shop.yaml',
      line: 6,
      construct: null,
    }),
    expect.objectContaining({
      code: LABELS,
      resource: 'Namespace shop',
      field: 'metadata.labels["istio.io/rev"]',
      line: 14,
    }),
  ]);
});

test('the construct is said where it is known', () => {
  const report = reportOf(SHOP, { constructOf: ({ object }) => `app/${object.kind}` });
  expect(report.findings[0]?.finding.construct).toBe('app/Namespace');
});

test('what is context is known, but not judged', () => {
  expect(reportOf(LOST_ROUTE).findings).toEqual([]);
  const context = parseManifests('context.yaml', SHOP);
  expect(reportOf(LOST_ROUTE, { context }).findings.map(({ finding }) => finding.code)).toEqual([LOST]);
});

describe('a waiver in an annotation', () => {
  test('takes the finding out of those that count, with its reason and its day', () => {
    const report = reportOf(noted(`${LABELS} until ${TODAY}: the canary is tried by hand`));
    expect(report.findings).toEqual([]);
    expect(report.waived).toEqual([
      expect.objectContaining({
        waiver: { source: 'annotation', reason: 'the canary is tried by hand', until: TODAY },
      }),
    ]);
    expect(report.waivers).toEqual([
      expect.objectContaining({ code: LABELS, resource: 'Namespace shop', state: 'used', place: 'dist/shop.yaml:6' }),
    ]);
  });

  test('may name the rule as istioctl does', () => {
    expect(reportOf(noted(`IST0123 until ${TODAY}: known`)).waivers).toEqual([
      expect.objectContaining({ code: LABELS, state: 'used' }),
    ]);
  });

  test('does nothing after its day, and that is reported', () => {
    const report = reportOf(noted(`${LABELS} until 2026-11-22: known`));
    expect(report.findings).toHaveLength(1);
    expect(report.waivers[0]?.state).toBe('expired');
  });

  test('of something that is not found is reported', () => {
    const report = reportOf(noted(`${LOST} until 2027-01-31: known\n${LABELS} until 2027-01-31: known`));
    expect(report.waivers.map(({ code, state }) => `${code} ${state}`)).toEqual([`${LOST} unused`, `${LABELS} used`]);
  });

  test.each([
    ['no form', 'known', /MESH-OUT-016: the waiver `known` cannot be read/],
    ['no day', `${LABELS} until tomorrow: known`, /MESH-API-047: .*`tomorrow` is not a day/],
    ['no reason', `${LABELS} until 2027-01-31: `, /MESH-OUT-016/],
    ['no code', 'ALL until 2027-01-31: known', /MESH-OUT-016: `ALL` is the code of no rule/],
  ])('that has %s is bad input with its line', (_, note, message) => {
    const { findings, problems } = reportOf(noted(note));
    expect(findings).toHaveLength(1);
    expect(problems).toEqual([{ file: 'dist/shop.yaml', line: 6, message: expect.stringMatching(message) as string }]);
  });
});

describe('a file of waivers', () => {
  const entry = (resource: string) =>
    `waivers:\n  - code: ${LABELS}\n    resource: ${resource}\n    reason: known\n    until: 2027-01-31\n`;

  test('waives what it names, and nothing else', () => {
    const waivers = (resource: string) => readWaiverFile('waivers.yaml', entry(resource));
    expect(reportOf(BOTH, { waivers: waivers('Namespace shop') }).findings).toHaveLength(1);
    const other = reportOf(BOTH, { waivers: waivers('Namespace shops') });
    expect(other.findings).toHaveLength(2);
    expect(other.waivers).toEqual([expect.objectContaining({ state: 'unused', place: 'waivers.yaml:2' })]);
  });

  test.each([
    ['a list', '- a\n', 'waivers.yaml:1: there is no list `waivers`'],
    ['broken', 'waivers: [\n', 'waivers.yaml:2: '],
    ['without a reason', entry('Namespace shop').replace('reason: known', 'reason:'), 'waivers.yaml:2: `reason`'],
    ['with a field of its own', entry('Namespace shop').replace('reason', 'because'), 'waivers.yaml:2: `because`'],
    ['of all resources', entry('"*"'), 'waivers.yaml:2: `*` is no resource'],
  ])('that is %s is refused', (_, text, message) => {
    expect(() => readWaiverFile('waivers.yaml', text)).toThrow(message);
  });
});

test('waivers that end within two weeks are told', () => {
  const { waivers } = reportOf(noted(`${LABELS} until 2026-11-30: known`));
  expect(endingSoon(waivers, TODAY)).toEqual([expect.stringMatching(/^MESH-SEC-002: .*in 7 days/)]);
  expect(endingSoon(waivers, '2026-11-01')).toEqual([]);
});

describe('a baseline', () => {
  test('takes out what was there before, wherever the lines have gone, and tells what is gone', () => {
    const baseline = readBaseline('baseline.json', baselineText(reportOf(BOTH).findings));
    const moved = reportOf(`# one line more\n${BOTH}`, { baseline });
    expect(moved.findings).toEqual([]);
    expect(moved.waived.map(({ waiver }) => waiver?.source)).toEqual(['baseline', 'baseline']);
    const other = reportOf(BOTH.replace('web', 'shop/web').replace('canary', 'stable'), { baseline });
    expect(other.findings).toEqual([]);
    expect(reportOf(SHOP, { baseline }).gone).toEqual([
      { code: LOST, resource: 'VirtualService shop/cart', field: 'spec.gateways[0]' },
    ]);
  });

  test('takes out nothing that is new', () => {
    const baseline = readBaseline('baseline.json', baselineText(reportOf(SHOP).findings));
    expect(reportOf(BOTH, { baseline }).findings.map(({ finding }) => finding.code)).toEqual([LOST]);
  });

  test('is the same text for the same findings, whatever their order', () => {
    const turned = baselineText(reportOf(`${SHOP}---\n${LOST_ROUTE}`).findings);
    expect(baselineText(reportOf(BOTH).findings)).toBe(turned);
  });

  test.each(['', '[]', '{"version":2,"findings":[]}', '{"version":1,"findings":[{"code":1}]}'])(
    'of `%s` is refused',
    (text) => {
      expect(() => readBaseline('baseline.json', text)).toThrow(/^MESH-OUT-015: the baseline `baseline\.json` /);
    },
  );
});
