import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stories } from '../../scripts/examples/stories';
import { parseManifests } from '../../lib/manifests/located';
import { viewOf } from '../../lib/manifests/view';
import { runRules } from '../../lib/rules';

describe.each(stories().map(({ name }) => name))('the example %s', (name) => {
  const file = join(__dirname, '../../examples', name, 'expected.yaml');
  const { objects } = parseManifests(file, readFileSync(file, 'utf8'));

  test.each([[false], [true]])('has no finding (complete: %s)', (complete) => {
    const findings = runRules(viewOf(objects, [], { complete }));
    expect(
      findings.map(
        ({ code, object, field, message }) =>
          `${code} ${object.object.kind} ${object.object.metadata?.namespace}/${object.object.metadata?.name} ${field ?? ''}: ${message}`,
      ),
    ).toEqual([]);
  });
});
