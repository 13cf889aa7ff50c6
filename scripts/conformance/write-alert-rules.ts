import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { alertRules } from './alert-rules';

writeFileSync(resolve(__dirname, '../../conformance/testdata/alerts/rules.yaml'), alertRules());
