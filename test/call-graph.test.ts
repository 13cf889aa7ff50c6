import fc from 'fast-check';
import { callGraphs, shuffles } from './support/call-graph/arbitrary';
import { expectedCalls, expectedEgress, expectedImports, expectedIngress } from './support/call-graph/expected';
import { synthGraph } from './support/call-graph/synth';
import {
  parseObjects,
  readCalls,
  readEgress,
  readImports,
  readIngress,
  readOpenWorkloads,
  sorted,
} from './support/read-back';

const seed = Number(process.env.CALL_GRAPH_SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`random call graphs with CALL_GRAPH_SEED=${seed}\n`);

test('the YAML of 200 random call graphs allows what was declared, no more and no less', () => {
  fc.assert(
    fc.property(callGraphs({ services: 1, grants: 0 }), (graph) => {
      const objects = parseObjects(synthGraph(graph));
      expect(readCalls(objects)).toEqual(expectedCalls(graph));
      expect(readOpenWorkloads(objects)).toEqual([]);
      expect(readImports(objects)).toEqual(expectedImports(graph));
      expect(readEgress(objects)).toEqual(expectedEgress(graph));
      expect(readIngress(objects)).toEqual(expectedIngress(graph));
    }),
    { seed, numRuns: 200 },
  );
});

describe('one large call graph', () => {
  const [graph] = fc.sample(callGraphs({ services: 6, grants: 12 }), { seed, numRuns: 1 });
  if (graph === undefined) throw new Error('no graph was made');
  const yaml = synthGraph(graph);

  test('gives the same bytes in twenty orders of its grants', () => {
    const property = fc.property(shuffles(graph).grants, (other) => expect(synthGraph(other)).toBe(yaml));
    fc.assert(property, { seed, numRuns: 20 });
  });

  test('gives the same objects, each with the same bytes, in twenty orders of its services', () => {
    const documents = sorted(yaml.split('---\n'));
    const property = fc.property(shuffles(graph).services, (other) =>
      expect(sorted(synthGraph(other).split('---\n'))).toEqual(documents),
    );
    fc.assert(property, { seed, numRuns: 20 });
  });
});
