import { readBaseline } from '../../../lib/check/baseline';
import { readWaiverFile } from '../../../lib/check/waiver-file';
import { readCheckOptions } from '../../../lib/cli/check-options';
import { Code } from '../../../lib/errors';
import { readWaiveNote } from '../../../lib/intent/waiver';
import type { Provocation } from './provocation';

export const CHECKS: readonly Provocation[] = [
  {
    code: Code.CHECK_OPTION,
    input: 'a release of Istio that is not known',
    value: '1.5',
    provoke: () => readCheckOptions(['dist', '--istio', '1.5']),
  },
  {
    code: Code.BASELINE,
    input: 'a baseline of another form',
    value: 'baseline.json',
    provoke: () => readBaseline('baseline.json', '[]'),
  },
  {
    code: Code.WAIVER,
    input: 'a waiver of everything',
    value: 'ALL',
    provoke: () => readWaiveNote('ALL until 2027-01-31: known'),
  },
  {
    code: Code.WAIVER,
    input: 'a file of waivers without a resource',
    value: 'resource',
    provoke: () => readWaiverFile('waivers.yaml', 'waivers: [{ code: MESH-CHK-201 }]'),
  },
];
