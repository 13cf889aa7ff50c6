import { dump } from 'js-yaml';
import { parseManifests } from '../../lib/manifests/located';
import { viewOf } from '../../lib/manifests/view';
import { runRules } from '../../lib/rules';
import { serviceObjects } from '../../scripts/bench/objects';

const SERVICES = 10_000;
const PER_FILE = 500;
const MOST_BYTES = 2e9;

/** The one mistake among all of them. */
const BROKEN = `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: broken, namespace: elsewhere }
spec: { egres: [] }
`;

function texts(): readonly string[] {
  return Array.from({ length: SERVICES / PER_FILE }, (_, file) =>
    Array.from({ length: PER_FILE }, (__, index) => serviceObjects(file * PER_FILE + index) as readonly object[])
      .flat()
      .map((object) => dump(object))
      .join('---\n'),
  );
}

/** Seconds of the processor, which other processes do not lengthen. */
function seconds<T>(work: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

test('the rules take no longer than the reading of 80,000 objects, and little memory', () => {
  const files = [...texts(), BROKEN];
  const [objects, reading] = seconds(() =>
    files.flatMap((text, index) => parseManifests(`${index}.yaml`, text).objects),
  );
  expect(objects).toHaveLength(8 * SERVICES + 1);
  const [findings, judging] = seconds(() => runRules(viewOf(objects, [], { complete: false })));
  expect(findings.map(({ code }) => code)).toContain('MESH-CHK-102');
  expect(new Set(findings.map(({ object }) => object.object.metadata?.name))).toEqual(new Set(['broken']));
  const bytes = process.memoryUsage().rss;
  console.log(`reading ${reading.toFixed(1)} s, rules ${judging.toFixed(1)} s, ${Math.round(bytes / 1e6)} MB resident`);
  expect(judging).toBeLessThan(reading);
  expect(bytes).toBeLessThan(MOST_BYTES);
});
