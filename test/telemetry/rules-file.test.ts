import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { alertRules } from '../../scripts/conformance/alert-rules';

test('conformance tests the alerts that the library makes; if not, run `npm run -s conformance:rules` and `npm run -s conformance -- alerts`', () => {
  const tested = readFileSync(resolve(__dirname, '../../conformance/testdata/alerts/rules.yaml'), 'utf8');
  expect(tested).toBe(alertRules());
});
