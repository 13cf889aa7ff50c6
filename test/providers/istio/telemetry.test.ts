import { parse } from '@bufbuild/cel';
import { telemetrySpec } from '../../../lib/providers/istio/telemetry';

const NOTHING = { metricTags: [] };

test('errors are filtered by an expression that CEL parses', () => {
  const spec = telemetrySpec({ ...NOTHING, accessLog: { kind: 'errors' } }, undefined);
  const expression = spec.accessLogging?.[0]?.filter?.expression ?? '';
  expect(expression).toContain('response.code >= 400');
  expect(() => parse(expression)).not.toThrow();
});

test('logs go to the proxy itself or to a provider, and turning them on outweighs a level above', () => {
  const rule = (accessLog: { readonly kind: 'all'; readonly provider?: string }) =>
    telemetrySpec({ ...NOTHING, accessLog }, undefined).accessLogging;
  expect(rule({ kind: 'all' })).toEqual([{ disabled: false, providers: [{ name: 'envoy' }] }]);
  expect(rule({ kind: 'all', provider: 'als' })).toEqual([{ disabled: false, providers: [{ name: 'als' }] }]);
});

test('what is off is said', () => {
  expect(telemetrySpec({ ...NOTHING, accessLog: { kind: 'off' }, tracing: { kind: 'off' } }, undefined)).toEqual({
    accessLogging: [{ disabled: true }],
    tracing: [{ disableSpanReporting: true }],
  });
});

test('a share of zero is still a share, and fixed tags are literals', () => {
  const tracing = { kind: 'sampled', provider: 'otel', samplingPercent: 0, tags: { region: 'eu' } } as const;
  expect(telemetrySpec({ ...NOTHING, tracing }, undefined).tracing).toEqual([
    {
      disableSpanReporting: false,
      providers: [{ name: 'otel' }],
      randomSamplingPercentage: 0,
      customTags: { region: { literal: { value: 'eu' } } },
    },
  ]);
});

test('tags of metrics are expressions that CEL parses, whatever their text', () => {
  const values = ["it's", 'back\\slash', '"quoted"', "'; drop"];
  const metricTags = values.map((value, index) => ({ kind: 'fixed', name: `tag_${index}`, value }) as const);
  const spec = telemetrySpec(
    {
      metricTags: [...metricTags, { kind: 'header', name: 'tenant', header: 'x-tenant' }, { kind: 'path', name: 'p' }],
    },
    undefined,
  );
  const tags = spec.metrics?.[0]?.overrides?.[0]?.tagOverrides ?? {};
  expect(Object.keys(tags)).toEqual(['tag_0', 'tag_1', 'tag_2', 'tag_3', 'tenant', 'p']);
  expect(tags.tenant?.value).toBe("request.headers['x-tenant']");
  expect(Object.values(tags).filter(({ value }) => !parses(value))).toEqual([]);
});

test('a service is selected by its labels, a namespace by nothing', () => {
  const telemetry = { metricTags: [{ kind: 'removed', name: 'request_protocol' }] } as const;
  expect(telemetrySpec(telemetry, { app: 'cart' }).selector).toEqual({ matchLabels: { app: 'cart' } });
  expect(telemetrySpec(telemetry, undefined)).toEqual({
    metrics: [
      {
        providers: [{ name: 'prometheus' }],
        overrides: [{ tagOverrides: { request_protocol: { operation: 'REMOVE' } } }],
      },
    ],
  });
});

function parses(expression: string | undefined): boolean {
  try {
    parse(expression ?? '');
    return true;
  } catch {
    return false;
  }
}
