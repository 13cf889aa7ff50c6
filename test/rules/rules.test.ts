import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseManifests } from '../../lib/manifests/located';
import { NEWEST_ISTIO, viewOf } from '../../lib/manifests/view';
import type { Rule } from '../../lib/rules';
import { RULES, findRule, runRules } from '../../lib/rules';

const FOLDER = join(__dirname, '../../lib/rules');

function fired(rule: Rule, yaml: string): readonly string[] {
  const { objects, problems } = parseManifests('example.yaml', yaml);
  expect(problems).toEqual([]);
  return runRules(viewOf(objects, [], { complete: true, istio: rule.examples.istio ?? NEWEST_ISTIO }), [rule]).map(
    ({ code }) => code,
  );
}

describe.each(RULES.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  test.each(rule.examples.bad.map((yaml, index) => [index + 1, yaml] as const))(
    'fires on bad example %i',
    (_, yaml) => {
      expect(fired(rule, yaml)).toContain(code);
    },
  );

  test.each(rule.examples.good.map((yaml, index) => [index + 1, yaml] as const))(
    'stays silent on good example %i',
    (_, yaml) => {
      expect(fired(rule, yaml)).toEqual([]);
    },
  );

  test('has two examples of either sort', () => {
    expect(rule.examples.bad.length).toBeGreaterThanOrEqual(2);
    expect(rule.examples.good.length).toBeGreaterThanOrEqual(2);
  });

  test('speaks in sentences', () => {
    expect(rule.title).toMatch(/^[A-Z`].*[^.]$/);
    expect(rule.why).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.fix).toMatch(/^[a-z`].*[^.]$/);
  });
});

describe('the rules', () => {
  test('have codes of their own, in order', () => {
    const codes = RULES.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(codes.filter((code) => !/^MESH-CHK-\d{3}$/.test(code))).toEqual([]);
  });

  test('are all registered', () => {
    const files = readdirSync(FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((folder) => readdirSync(join(FOLDER, folder.name)));
    const names = RULES.map(({ code }) => code);
    expect(files.length).toBe(names.length);
    expect(files.map((file) => basename(file, '.ts')).filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
  });

  test('are found by their code and by that of istioctl', () => {
    expect(findRule('mesh-chk-501')?.code).toBe('MESH-CHK-501');
    expect(findRule('IST0123')?.code).toBe('MESH-CHK-501');
    expect(findRule('ist0154')?.code).toBe('MESH-CHK-803');
    expect(findRule('IST9999')).toBeUndefined();
  });
});
