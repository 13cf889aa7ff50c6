import { mentionedLabels, selects } from '../../lib/manifests/label-selector';

const expression = (operator: string, ...values: readonly string[]) => ({
  matchExpressions: [{ key: 'team', operator, values }],
});

test.each([
  [{}, {}, true],
  [{ matchLabels: { team: 'shop' } }, { team: 'shop', app: 'cart' }, true],
  [{ matchLabels: { team: 'shop' } }, { team: 'bank' }, false],
  [expression('Exists'), { team: 'shop' }, true],
  [expression('Exists'), {}, false],
  [expression('DoesNotExist'), {}, true],
  [expression('DoesNotExist'), { team: 'shop' }, false],
  [expression('In', 'shop', 'bank'), { team: 'bank' }, true],
  [expression('In', 'shop'), { team: 'bank' }, false],
  [expression('In', 'shop'), {}, false],
  [expression('NotIn', 'shop'), { team: 'bank' }, true],
  [expression('NotIn', 'shop'), { team: 'shop' }, false],
  [expression('NotIn', 'shop'), {}, true],
  [expression('Like', 'shop'), { team: 'shop' }, false],
  [{ ...expression('Exists'), matchLabels: { app: 'cart' } }, { team: 'shop' }, false],
])('the selector %j and the labels %j: %s', (selector, labels, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});

test('a selector mentions keys and values', () => {
  expect(mentionedLabels({ matchLabels: { app: 'cart' }, ...expression('In', 'shop', 'bank') })).toEqual([
    ['app', ['cart']],
    ['team', ['shop', 'bank']],
  ]);
});
