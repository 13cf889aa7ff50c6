const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n';

/** A file that is bad input, and what is said of it. */
export interface HostileFile {
  readonly name: string;
  readonly content: () => string | Uint8Array;
  readonly problem: RegExp;
}

const LEVELS = 20_000;
const DEEP = /^a\.yaml:1: it is nested too deeply: more than 200 levels$/;
const TEMPLATE = (line: number) => new RegExp(`^a\\.yaml:${line}: it is a template with \`{{\` that was not rendered`);

/** Ten aliases of ten aliases of ten aliases, and so on. */
function aliasBomb(): string {
  const names = 'abcdefghij'.split('');
  const lines = names.map((name, index) => {
    const item = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array<string>(10).fill(item).join()}]`;
  });
  return `${SERVICE}${lines.join('\n')}\n`;
}

export const HOSTILE: readonly HostileFile[] = [
  { name: 'an alias bomb', content: aliasBomb, problem: /^a\.yaml:1: its aliases multiply without bounds$/ },
  {
    name: '20,000 levels of lists',
    content: () => `a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`,
    problem: DEEP,
  },
  { name: '20,000 lists that never end', content: () => '['.repeat(LEVELS), problem: DEEP },
  { name: 'ten million lists that never end', content: () => '['.repeat(10_000_000), problem: DEEP },
  { name: '20,000 levels of dashes', content: () => `${'- '.repeat(LEVELS)}a`, problem: DEEP },
  { name: '20,000 levels of keys', content: () => `${'? '.repeat(LEVELS)}a`, problem: DEEP },
  { name: '20,000 levels of JSON', content: () => `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`, problem: DEEP },
  {
    name: '4,000 levels of lines',
    content: () => Array.from({ length: 4_000 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
    problem: /^a\.yaml:201: it is nested too deeply/,
  },
  {
    name: 'a key twice',
    content: () => `${SERVICE}spec:\n  a: 1\n  "a": 2\n`,
    problem: /^a\.yaml:6: the key `a` stands twice$/,
  },
  { name: 'a prototype', content: () => `${SERVICE}__proto__: { a: b }\n`, problem: /^a\.yaml:4: the key `__proto__`/ },
  { name: 'a key that is a map', content: () => `${SERVICE}{ a: b }: c\n`, problem: /^a\.yaml:4: a key is no text$/ },
  { name: 'a tag', content: () => `${SERVICE}a: !foo b\n`, problem: /^a\.yaml:4: .*!foo/ },
  {
    name: 'a tag of a language',
    content: () => `${SERVICE}a: !!js/function b\n`,
    problem: /^a\.yaml:4: .*js\/function/,
  },
  { name: 'a tag for bytes', content: () => `${SERVICE}a: !!binary aGk=\n`, problem: /^a\.yaml:4: .*binary/ },
  { name: 'an infinite number', content: () => `${SERVICE}a: .inf\n`, problem: /^a\.yaml:4: `\.inf` is a number/ },
  {
    name: 'UTF-16',
    content: () => Buffer.from(`\uFEFF${SERVICE}`, 'utf16le'),
    problem: /^a\.yaml:1: it is a text in UTF-16: write it in UTF-8$/,
  },
  {
    name: 'UTF-16 without a mark',
    content: () => Buffer.from(SERVICE, 'utf16le'),
    problem: /^a\.yaml:1: it is no text: it has a zero byte$/,
  },
  {
    name: 'a binary file',
    content: () => Uint8Array.of(0x7f, 0x0a, 0x45, 0x00, 0xff),
    problem: /^a\.yaml:2: it is no text: it has a zero byte$/,
  },
  {
    name: 'another encoding',
    content: () => Uint8Array.of(0x61, 0x3a, 0x0a, 0x20, 0xe4),
    problem: /^a\.yaml:2: it is no text in UTF-8$/,
  },
  {
    name: 'a template of Helm',
    content: () => `${SERVICE}spec:\n  replicas: {{ .Values.replicas }}\n`,
    problem: TEMPLATE(5),
  },
  {
    name: 'a template of Helm with conditions',
    content: () => `{{- if .Values.on }}\n${SERVICE}{{- end }}\n`,
    problem: TEMPLATE(1),
  },
  {
    name: 'a template of Helm with quotes',
    content: () => SERVICE.replace('cart', '"{{ .Release.Name }}"'),
    problem: TEMPLATE(1),
  },
  { name: '20,000 quotes', content: () => '"'.repeat(LEVELS), problem: /^a\.yaml:1: / },
  { name: '20,000 anchors at one place', content: () => '&a '.repeat(LEVELS), problem: /^a\.yaml:1: / },
];
