import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { IdDigits, userShares } from '../../lib/intent/user-share';
import type { UserKeyIntent } from '../../lib/intent/user-share';

const { DECIMAL, HEXADECIMAL } = IdDigits;
const PERCENTS = Array.from({ length: 101 }, (_, percent) => percent);
const SPACES: Readonly<Record<IdDigits, readonly string[]>> = {
  [DECIMAL]: Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')),
  [HEXADECIMAL]: Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0')),
};
const header = (digits: IdDigits): UserKeyIntent => ({ kind: 'header', name: 'x-user-id', digits });
const cookie = (digits: IdDigits): UserKeyIntent => ({ kind: 'cookie', name: 'uid', digits });

type Takes = (value: string) => boolean;

/** For each share, a function that says who is in it; the first one is the candidate's. */
function shares(key: UserKeyIntent, ...weights: readonly number[]): readonly Takes[] {
  const candidates = weights.map((weightPercent, index) => ({
    version: String(index),
    weightPercent,
    when: [],
    ...(index === 0 ? {} : { further: true }),
  }));
  const found = userShares(key, candidates);
  return candidates.map(({ version }) => {
    const users = found.find((share) => share.version === version)?.users;
    const regex = users === undefined ? undefined : RE2JS.compile(users.value);
    return (value) => regex?.matches(value) ?? false;
  });
}

function only(key: UserKeyIntent, percent: number): Takes {
  const [takes = () => false] = shares(key, percent);
  return takes;
}

function regexes(digits: IdDigits): readonly string[] {
  return PERCENTS.flatMap((percent) =>
    userShares(header(digits), [
      { version: 'v2', weightPercent: percent, when: [] },
      { version: 'v3', weightPercent: Math.min(7, 100 - percent), when: [], further: true },
    ]).map(({ users }) => users.value),
  );
}

test('with decimal digits, every percentage is exact', () => {
  for (const percent of PERCENTS) {
    expect(SPACES[DECIMAL].filter(only(header(DECIMAL), percent))).toHaveLength(percent);
  }
});

test('with hexadecimal digits, a percentage is off by less than 0.4, and 0, 25, 50, 75 and 100 are exact', () => {
  for (const percent of PERCENTS) {
    const share = (SPACES[HEXADECIMAL].filter(only(header(HEXADECIMAL), percent)).length * 100) / 256;
    expect(Math.abs(share - percent)).toBeLessThan(percent % 25 === 0 ? 1e-9 : 0.4);
  }
});

test.each([DECIMAL, HEXADECIMAL])('who has the candidate keeps it at every higher percentage (%s)', (digits) => {
  let before: readonly string[] = [];
  for (const percent of PERCENTS) {
    const now = SPACES[digits].filter(only(header(digits), percent));
    expect(before.filter((id) => !now.includes(id))).toEqual([]);
    before = now;
  }
});

const id = fc.record({
  head: fc.stringMatching(/^[\w.|@-]{0,12}$/),
  last: fc.nat({ max: 255 }),
  capital: fc.boolean(),
});
const weights = fc
  .tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 }), fc.nat({ max: 100 }))
  .map(([a, b, c]) => [a, Math.min(b, 100 - a), Math.max(0, Math.min(c, 100 - a - b))] as const);

describe.each([DECIMAL, HEXADECIMAL])('several candidates (%s)', (digits) => {
  const text = ({ head, last, capital }: { head: string; last: number; capital: boolean }) => {
    const end = SPACES[digits][last % SPACES[digits].length] ?? '';
    return head + (capital ? end.toUpperCase() : end);
  };

  test('share nobody, and those who are in none stay with the stable version', () => {
    fc.assert(
      fc.property(weights, (each) => {
        const takes = shares(header(digits), ...each);
        const counts = SPACES[digits].map((one) => takes.filter((take) => take(one)).length);
        expect(Math.max(...counts)).toBeLessThan(2);
        const total = each.reduce((sum, weight) => sum + weight, 0);
        const taken = (counts.filter((count) => count === 1).length * 100) / counts.length;
        expect(Math.abs(taken - total)).toBeLessThan(digits === DECIMAL ? 1e-9 : 0.4);
      }),
      { numRuns: 200 },
    );
  });

  test('keep their users while the share of the candidate grows', () => {
    fc.assert(
      fc.property(weights, id, fc.nat({ max: 100 }), ([first, second, third], user, more) => {
        const next = Math.min(100 - second - third, first + more);
        const [before, after] = [
          shares(header(digits), first, second, third),
          shares(header(digits), next, second, third),
        ];
        const versions = (takes: readonly Takes[]) => takes.map((take) => take(text(user)));
        const [had, has] = [versions(before), versions(after)];
        had.forEach((in_, index) => {
          if (in_) expect(has[index]).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('are found by a cookie as by a header, wherever it stands among others, with quotes or without', () => {
    const other = fc.constantFrom('a=b', 'xuid=00', 'uid2=ff', 'lang="de uid=11"', 'uid.x=00', 'e=');
    const others = fc.array(other, { maxLength: 3 });
    fc.assert(
      fc.property(
        weights,
        id,
        others,
        others,
        fc.boolean(),
        fc.constantFrom(';', '; '),
        (each, user, left, right, quotes, gap) => {
          const value = text(user);
          const line = [...left, `uid=${quotes ? `"${value}"` : value}`, ...right].join(gap);
          const [byHeader, byCookie] = [shares(header(digits), ...each), shares(cookie(digits), ...each)];
          expect(byCookie.map((take) => take(line))).toEqual(byHeader.map((take) => take(value)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each(['', '7', 'abc', '42x', '4 2', 'a4b'])(
  'nobody is taken by the id `%s`, which does not end in two digits',
  (value) => {
    expect([only(header(DECIMAL), 100)(value), only(cookie(DECIMAL), 100)(`uid=${value}`)]).toEqual([false, false]);
  },
);

test.each(['a=42', 'xuid=42', 'uid2=42', 'a="uid=42"', 'uid', 'uid=; a=42', 'uid=a b; c=42'])(
  'nobody is taken by the cookies `%s`, which have no such id',
  (line) => {
    expect(only(cookie(DECIMAL), 100)(line)).toBe(false);
  },
);

test('expressions are short: three alternatives at most', () => {
  for (const regex of [...regexes(DECIMAL), ...regexes(HEXADECIMAL)]) {
    expect(regex.length).toBeLessThan(80);
    expect(regex.split('|').length).toBeLessThanOrEqual(3);
  }
  expect(userShares(header(DECIMAL), [{ version: 'v2', weightPercent: 25, when: [] }])).toMatchObject([
    { users: { name: 'x-user-id', value: '.*([01][0-9]|2[0-4])' } },
  ]);
  expect(userShares(header(HEXADECIMAL), [{ version: 'v2', weightPercent: 25, when: [] }])).toMatchObject([
    { users: { value: '.*[0-3][0-9a-fA-F]' } },
  ]);
});

test('hashes are shared evenly', () => {
  const ids = Array.from({ length: 4000 }, (_, number) => createHash('sha256').update(String(number)).digest('hex'));
  const taken = ids.filter(only(header(HEXADECIMAL), 25)).length / ids.length;
  expect(Math.abs(taken - 0.25)).toBeLessThan(0.03);
});
