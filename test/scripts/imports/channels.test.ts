import type { KindSchema, Schema } from '../../../lib/schemas/schema';
import { compareChannels } from '../../../scripts/imports/channels';

function kind(name: string, schema: Schema): KindSchema {
  return { group: 'example.com', version: 'v1', kind: name, scope: 'Namespaced', source: 's', schema };
}

test('tells which kinds, fields and values only the experimental channel has', () => {
  const filter = (values: readonly string[], more: Schema['properties']): Schema => ({
    properties: { filters: { items: { properties: { type: { enum: values }, ...more } } } },
  });
  const standard = [kind('Route', filter(['A'], {})), kind('Same', {})];
  const all = [kind('Route', filter(['A', 'B'], { b: { type: 'object' } })), kind('Same', {}), kind('New', {})];
  expect(compareChannels(all, standard)).toEqual({
    standard: { 'example.com/v1': ['Route', 'Same'] },
    experimental: { 'example.com/v1': ['New'] },
    experimentalFields: { 'example.com/v1 Route': ['filters[].type=B', 'filters[].b'] },
  });
});
