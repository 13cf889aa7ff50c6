import '@microsoft/jest-sarif/lib/matchers/to-be-valid-sarif-log';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../lib/check/report';
import { parseManifests } from '../../../lib/manifests/located';
import { githubReport } from '../../../lib/outputs/report/github';
import { jsonReport } from '../../../lib/outputs/report/json';
import { sarifReport } from '../../../lib/outputs/report/sarif';
import { textReport } from '../../../lib/outputs/report/text';
import { RULES } from '../../../lib/rules';
import { structureProblems } from '../../../lib/schemas/structure';
import { unknownFields } from '../../../lib/schemas/unknown-fields';
import type { Schema } from '../../../lib/schemas/schema';
import { BOTH, LABELS, LOST, SHOP, TODAY, reportOf } from '../../check/fixtures';

const ROOT = join(__dirname, '../../..');
const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'schemas/check.schema.json'), 'utf8')) as Schema;

const WAIVED = SHOP.replace('name: shop', 'name: bank').replace(
  '  labels',
  `  annotations: { cdk8s-mesh.github.io/waive: "${LABELS} until 2027-01-31: known" }\n  labels`,
);

/** A report with something in each of its lists. */
function fullReport(): Report {
  const manifests = {
    ...parseManifests('dist/a b.yaml', `${BOTH}---\n${WAIVED}---\na: {{ b }}\n`),
    leftAlone: [{ file: 'dist/values.yaml', line: 1, reason: 'no Kubernetes object' }],
  };
  const gone = { code: LOST, resource: 'VirtualService shop/gone', field: null };
  return reportOf('', { manifests, baseline: [gone] });
}

function text(report: Report, colors = false): string {
  return textReport(report, { colors }, TODAY);
}

describe('for people', () => {
  test('shows the line, a caret, the fix and the place, and a summary', () => {
    expect(text(reportOf(BOTH))).toContain(
      [
        'dist/shop.yaml',
        '',
        'error MESH-CHK-201 VirtualService shop/cart',
        '  spec.gateways[0]: there is no Gateway `shop/web`',
        '  6 |   gateways: [web]',
        '    |              ^^^',
        '  fix: correct the name in `gateways`, written as `namespace/name`, or add the Gateway',
        '  at dist/shop.yaml:6:14',
        '',
      ].join('\n'),
    );
    expect(text(reportOf(BOTH))).toMatch(/\n1 error, 1 warning in 2 objects of 1 file, for Istio 1\.\d+\n$/);
  });

  test('says what was left alone, waived, gone and unreadable', () => {
    const shown = text(fullReport());
    expect(shown).toMatch(/^cannot be read dist\/a b\.yaml:\d+: it is a template/);
    expect(shown).toContain('1 waived, 1 place that cannot be read');
    expect(shown).toContain('left alone: dist/values.yaml (no Kubernetes object)');
    expect(shown).toContain('1 finding of the baseline is gone');
  });

  test('is coloured on a terminal only', () => {
    expect(text(reportOf(BOTH), true)).toContain('\u001b[1;31merror\u001b[0m');
    expect(text(reportOf(BOTH))).not.toContain('\u001b');
  });

  test('text of others cannot move the cursor', () => {
    const shown = text(reportOf(SHOP.replace('canary', '"\\e[2J\u202Ecanary"'), {}));
    for (const mover of ['\u001b', '\u202e']) expect(shown).not.toContain(mover);
    expect(shown).toContain(LABELS);
  });

  test('of a long line, the part that matters is shown', () => {
    const many = Array.from({ length: 500 }, (_, index) => `label-${index}: a`);
    const long = SHOP.replace('labels: {', `labels: { ${many.join(', ')},`);
    const lines = text(reportOf(long)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    const caret = lines.findIndex((line) => line.includes('^'));
    const at = lines[caret]?.indexOf('^') ?? 0;
    expect(lines[caret - 1]?.slice(at)).toMatch(/^istio\.io\/rev: canary/);
  });
});

describe('as JSON', () => {
  test.each([
    ['with everything', fullReport],
    ['of nothing', () => reportOf('')],
    ['without places', () => reportOf(SHOP, { manifests: { ...parseManifests('', SHOP) } })],
  ])('a report %s is what the published schema says', (_, report) => {
    const value: unknown = JSON.parse(jsonReport(report()));
    expect(structureProblems(SCHEMA, value)).toEqual([]);
    expect(unknownFields(SCHEMA, value)).toEqual([]);
  });

  test('the schema refuses what is none', () => {
    const value = JSON.parse(jsonReport(fullReport())) as { findings: Record<string, unknown>[] };
    delete value.findings[0]?.['code'];
    expect(structureProblems(SCHEMA, value)).toEqual([expect.objectContaining({ path: 'findings[0].code' })]);
    expect(unknownFields(SCHEMA, { ...value, more: 1 })).toHaveLength(1);
  });

  test('there are three fields, and each finding has ten', () => {
    const value = JSON.parse(jsonReport(fullReport())) as { findings: object[] };
    expect(Object.keys(value)).toEqual(['findings', 'waived', 'summary']);
    expect(Object.keys(value.findings[0] ?? {})).toEqual(
      'code istio severity resource field message fix file line construct'.split(' '),
    );
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
    readonly invocations: readonly unknown[];
    readonly results: readonly Record<string, unknown>[];
  }[];
}

describe('as SARIF', () => {
  const sarif = JSON.parse(sarifReport(fullReport(), RULES, { version: '0.1.0', folder: '/repository' })) as Sarif;
  const [run] = sarif.runs;

  test('has what code scanning asks for: rules with help, places below the root, fingerprints', () => {
    expect(sarif.version).toBe('2.1.0');
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ code }) => code));
    for (const rule of run?.tool.driver.rules ?? []) {
      expect(rule).toMatchObject({ help: { text: expect.stringMatching(/./) as string } });
    }
    expect(run?.results[0]).toMatchObject({
      ruleId: LOST,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'dist/a%20b.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 6, startColumn: 14, endLine: 6, endColumn: 17 },
          },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    });
  });

  test('holds by the official schema, and a field that is none does not', () => {
    for (const report of [fullReport(), reportOf(''), reportOf(BOTH)]) {
      const log = JSON.parse(sarifReport(report, RULES, { version: '0.1.0', folder: '/repository' })) as object;
      expect(log).toBeValidSarifLog();
    }
    const text = sarifReport(fullReport(), RULES, { version: '0.1.0', folder: '/repository' });
    for (const [right, wrong] of [
      ['"ruleId"', '"rule"'],
      ['"level": "error"', '"level": "fatal"'],
      ['"startLine": 6', '"startLine": 0'],
    ] as const) {
      expect(text).toContain(right);
      expect(JSON.parse(text.replaceAll(right, wrong))).not.toBeValidSarifLog();
    }
  });

  test('what is waived is suppressed, and what cannot be read is a notification', () => {
    expect(run?.results.filter(({ suppressions }) => suppressions !== undefined)).toEqual([
      expect.objectContaining({
        suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'known (until 2027-01-31)' }],
      }),
    ]);
    expect(run?.invocations).toEqual([
      expect.objectContaining({
        executionSuccessful: false,
        toolExecutionNotifications: [expect.objectContaining({ level: 'error' })],
      }),
    ]);
  });

  test('the fingerprint of a finding does not move with its line', () => {
    const prints = [BOTH, `# more\n${BOTH}`].map(
      (manifests) =>
        (JSON.parse(sarifReport(reportOf(manifests), RULES, { version: '0.1.0', folder: '/r' })) as Sarif).runs[0]
          ?.results[0]?.['partialFingerprints'],
    );
    expect(prints[0]).toEqual(prints[1]);
  });
});

describe('for GitHub Actions', () => {
  test('each finding is a command with its place', () => {
    expect(githubReport(reportOf(BOTH), '/repository', TODAY).split('\n')[0]).toBe(
      '::error file=dist/shop.yaml,line=6,col=14,endColumn=17,title=MESH-CHK-201 VirtualService shop/cart::spec.gateways[0]: there is no Gateway `shop/web`%0Afix: correct the name in `gateways`, written as `namespace/name`, or add the Gateway',
    );
  });

  test('text of others ends no command and begins none', () => {
    const manifests = parseManifests('dist/a,b:c%.yaml', BOTH.replace('[web]', '["we\\nb%0A::error::x"]'));
    const lines = githubReport(reportOf('', { manifests }), '/repository', TODAY).split('\n');
    expect(lines[0]).toMatch(/^::error file=dist\/a%2Cb%3Ac%25\.yaml,line=6,/);
    expect(lines[0]).toContain('we%0Ab%250A::error::x');
    expect(lines.filter((line) => line.startsWith('::'))).toHaveLength(2);
  });
});
