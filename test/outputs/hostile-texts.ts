const SIGNS = '0xXoObBeE17-+._:~#';
const YAML_SIGNS = '!&*?|>%@`"\'{}[],<= \t\n\r';
const UNICODE = [
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  'é',
  '中',
  '😀',
];
const WORDS = [
  'y',
  'n',
  'yes',
  'No',
  'ON',
  'off',
  'true',
  'False',
  'null',
  'Null',
  '~',
  '.inf',
  '-.INF',
  '.NaN',
  'inf',
  'NaN',
];
const NUMBERS = [
  '1_000',
  '0o7',
  '-0o7',
  '0X1F',
  '0B1',
  '1e3',
  '1:30',
  '12:30:45.5',
  '2001-12-14',
  '2001-12-14t21:59:43.10-05:00',
];
const BLOCKS = [
  '---',
  '...',
  '--- a',
  '%YAML 1.1',
  'a: b',
  '- a',
  'a #b',
  '<<',
  '=',
  '? a',
  ' a',
  'a ',
  'a\n',
  '\na',
  ' \na',
  'a\n\n',
];

/** Every text of one to three of the signs of numbers and of YAML, words that readers take for something else, and random texts. */
export function hostileTexts(random: number): readonly string[] {
  const signs = [...SIGNS, ...YAML_SIGNS, ...UNICODE, 'a'];
  const texts = new Set<string>(['', ...WORDS, ...NUMBERS, ...BLOCKS]);
  for (const a of signs) {
    texts.add(a);
    for (const b of signs) {
      texts.add(a + b);
      for (const c of signs) texts.add(a + b + c);
    }
  }
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const parts = [...signs, ...WORDS, ...NUMBERS, ...BLOCKS, 'key', 'value', 'x'.repeat(200)];
  for (let count = 0; count < random; count += 1) {
    texts.add(Array.from({ length: 1 + next(8) }, () => parts[next(parts.length)]).join(''));
  }
  return [...texts];
}

/** A text as a name, a value, a key and an item, at several depths. */
export function hostileDocument(text: string): Record<string, unknown> {
  return {
    metadata: { name: text },
    value: [text, [text]],
    map: { [text]: { [text]: [{ [text]: text, z: 1 }] } },
  };
}
