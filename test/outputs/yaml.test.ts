import { load } from 'js-yaml';
import { parse } from 'yaml';
import { isAmbiguous } from '../../lib/outputs/ambiguous';
import { joinDocuments, toYaml } from '../../lib/outputs/yaml';
import { hostileDocument, hostileTexts } from './hostile-texts';

const READERS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['js-yaml', (text) => load(text)],
  ['YAML 1.2', (text) => parse(text) as unknown],
  ['YAML 1.1', (text) => parse(text, { version: '1.1' }) as unknown],
];

describe.each(READERS)('read by %s', (_, read) => {
  test('every hundredth hostile text comes back; `npm run stress` takes them all', () => {
    const texts = hostileTexts(2_000).filter((_text, index) => index % 100 === 0 || index < 200);
    for (const text of texts) {
      const document = hostileDocument(text);
      expect(read(toYaml(document))).toEqual(document);
    }
  });

  test.each([' \n', '\n ', ' \n\n', 'a\n \nb', '\n\n  a', 'a\n  b\n', 'a\n\n', '#a\n---\n- b', '\ta\nb'])(
    'the lines of %j come back',
    (text) => {
      const document = { text, list: [text, [{ text, [text]: text }]] };
      expect(read(toYaml(document))).toEqual(document);
    },
  );

  test.each([0, -1, 1.5, 1e21, -1.5e300, 5e-324, 0.1, 2 ** 53])('the number %d comes back', (number) => {
    expect(read(toYaml({ number }))).toEqual({ number });
  });

  test('empty lists and maps, and lists in lists, come back', () => {
    const document = { list: [], map: {}, lists: [[], [[1]], {}, [{}], { a: [] }], truth: [true, false, null] };
    expect(read(toYaml(document))).toEqual(document);
    expect(read(toYaml({}))).toEqual({});
  });
});

test('is written as people write it', () => {
  const labels = { app: 'cart' };
  const text = joinDocuments([
    toYaml({
      labels,
      same: labels,
      port: 80,
      text: '8080',
      image: 'registry.example/cart:1.0',
      wait: '15s',
      list: [{ a: 1, b: [2] }],
    }),
    toYaml({ script: 'one\n  two\n', quote: "it's", odd: 'a: b' }),
  ]);
  expect(text).toMatchInlineSnapshot(`
   "labels:
     app: cart
   same:
     app: cart
   port: 80
   text: '8080'
   image: registry.example/cart:1.0
   wait: 15s
   list:
     - a: 1
       b:
         - 2
   ---
   script: |
     one
       two
   quote: it's
   odd: 'a: b'
   "
  `);
});

test.each(['1.30.3', '0x1F', '1_000', '12:30', '2001-12-14', 'yes', 'NULL', '.5', 'e1', '-', '+.inf'])(
  '`%s` is ambiguous',
  (text) => expect(isAmbiguous(text)).toBe(true),
);

test.each(['cart', '15s', '100m', '128Mi', 'v1', '/healthz', 'nobody', 'a1'])('`%s` is not', (text) =>
  expect(isAmbiguous(text)).toBe(false),
);
