import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileSnippets } from '../../scripts/docs/compile';
import { deadLinks } from '../../scripts/docs/links';
import { parsePage } from '../../scripts/docs/markdown';
import { missingExamples } from '../../scripts/docs/missing-examples';
import { exampleSnippets, pageSnippets } from '../../scripts/docs/snippet';

const page = (...lines: string[]): string => lines.join('\n');

describe('code blocks of a page', () => {
  test('are found with their first line, without the indent of a list', () => {
    const { fences } = parsePage(
      page('- step', '  ```ts', '  const a = 1;', '    a;', '  ```', '~~~yaml', 'a: 1', '~~~'),
    );
    expect(fences).toEqual([
      { language: 'ts', code: 'const a = 1;\n  a;', line: 3, continues: false },
      { language: 'yaml', code: 'a: 1', line: 7, continues: false },
    ]);
  });

  test('may hold shorter fences', () => {
    expect(parsePage(page('````md', '```ts', 'x', '```', '````')).fences).toHaveLength(1);
  });

  test('continue the block before only where the page says so', () => {
    const text = page('```ts', 'a', '```', '<!-- continues -->', '', '```ts', 'b', '```', 'text', '```ts', 'c', '```');
    expect(pageSnippets('a.md', text).map((pieces) => pieces.map(({ code }) => code))).toEqual([['a', 'b'], ['c']]);
  });

  test('cannot be left out by a word after the language', () => {
    expect(pageSnippets('a.md', page('```ts ignore', 'a', '```'))).toHaveLength(1);
  });
});

test('examples are found in doc comments, up to the next tag', () => {
  const source = page(
    '/**',
    ' * Doc.',
    ' * @example',
    ' * const a = {',
    ' *   b: 1,',
    ' * };',
    ' * @param x - no code',
    ' */',
    'class A {',
    '  /** @example',
    '   * ```ts',
    '   * c();',
    '   * ```',
    '   */',
    '}',
  );
  expect(exampleSnippets('a.ts', source)).toEqual([
    [{ file: 'a.ts', line: 4, code: 'const a = {\n  b: 1,\n};' }],
    [{ file: 'a.ts', line: 11, code: '\nc();\n\n' }],
  ]);
});

describe('compiling', () => {
  test('reports each error at its file and line, also in a block that continues another', () => {
    const snippets = [
      [{ file: 'README.md', line: 3, code: "import { App } from 'cdk8s';\nconst app: number = new App();" }],
      [
        { file: 'docs/a.md', line: 10, code: "import { App } from 'cdk8s';\nconst app = new App();" },
        { file: 'docs/a.md', line: 20, code: 'app.synth();\napp.sinth();' },
      ],
      [{ file: 'docs/b.md', line: 1, code: "import { Nothing } from 'cdk8s-mesh';\nnew Nothing(" }],
    ];
    expect(compileSnippets(snippets)).toEqual([
      "README.md:4 TS2322: Type 'App' is not assignable to type 'number'.",
      expect.stringMatching(/^docs\/a\.md:21 TS2551: Property 'sinth' does not exist on type 'App'/),
      expect.stringMatching(/^docs\/b\.md:1 TS2305: .*'Nothing'/),
      expect.stringMatching(/^docs\/b\.md:2 TS1005: /),
    ]);
  });

  test('lets a snippet end with an unused value, and refuses an unused import', () => {
    const code = "import { App, Chart } from 'cdk8s';\nimport { Construct } from 'constructs';\nconst app = new App();";
    const messages = compileSnippets([[{ file: 'a.md', line: 1, code }]]);
    expect(messages.map((message) => message.split(':').slice(0, 2).join(':'))).toEqual([
      'a.md:1 TS6133',
      'a.md:2 TS6133',
    ]);
  });
});

describe('links', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'links-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const dead = (...lines: string[]): readonly (string | undefined)[] =>
    deadLinks(join(folder, 'a.md'), page(...lines)).map((message) => /:(\d+ the link `.*`)/.exec(message)?.[1]);

  test('to files and headings that exist are fine, links into the web are not followed', () => {
    writeFileSync(join(folder, 'b.md'), '# The `Mesh` & you\n\n## Same\n\n## Same\n');
    expect(
      dead('# Top', '[b](b.md) [c](./b.md#the-mesh--you) [d](b.md#same-1) [e](#top) [f](https://example.com/x)'),
    ).toEqual([]);
  });

  test('to files or headings that do not exist are named with their line', () => {
    writeFileSync(join(folder, 'b.md'), '# Title\n');
    expect(dead('[a](no.md)', '', '![i](img/no.png) [h](b.md#no) [t](#no)', '', '[r]: gone.md')).toEqual([
      '1 the link `no.md`',
      '3 the link `img/no.png`',
      '3 the link `b.md#no`',
      '3 the link `#no`',
      '5 the link `gone.md`',
    ]);
  });

  test('in code are no links', () => {
    expect(dead('`[a](no.md)`', '```md', '[a](no.md)', '```')).toEqual([]);
  });
});

test('a public class without an example is named, a type needs none', () => {
  const entry = { isValue: true, isClass: true, hasExample: false, file: 'lib/a.ts', line: 7 };
  expect(
    missingExamples([
      { ...entry, name: 'Bare' },
      { ...entry, name: 'Shown', hasExample: true },
      { ...entry, name: 'Props', isClass: false },
    ]),
  ).toEqual(['lib/a.ts:7 `Bare` is public and has no `@example`; fix: add one to its doc comment']);
});
