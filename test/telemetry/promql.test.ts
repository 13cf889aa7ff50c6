import { objects } from '../support/mesh-app';
import { promqlErrors } from '../support/promql';
import { alertsOf, dashboardOf, panelsOf, watchedShop } from '../support/watched-shop';

const { chart, services } = watchedShop();
const synthesized = objects(chart);
const dashboards = (['services', 'edges', 'releases'] as const).map((kind) => dashboardOf(synthesized, kind));

describe('the grammar of Prometheus', () => {
  test.each(['sum(rate(a[5m])', 'a{b=c}', 'sum by (a (b)', 'rate(a[5 minutes])', 'a and', 'a{b="c"', 'a offset', ''])(
    'refuses `%s`',
    (expr) => {
      expect(promqlErrors(expr)).not.toEqual([]);
    },
  );

  test('knows what Grafana fills in, and nothing else of that kind', () => {
    expect(promqlErrors('rate(a[$__rate_interval])')).toEqual([]);
    expect(promqlErrors('rate(a[$__interval_rate])')).not.toEqual([]);
  });
});

describe.each(Object.keys(services))('of the service %s', (name) => {
  const alerts = alertsOf(chart, name);
  const targets = dashboards.flatMap((dashboard) =>
    panelsOf(dashboard, name).flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }) => ({ title: `${dashboard.uid}: ${panel.title}`, expr })),
    ),
  );
  const queries = [...alerts.map(({ alert, expr }) => ({ title: alert, expr })), ...targets];

  test('there is something to ask, unless nobody can call it', () => {
    expect(queries.length > 0).toBe(name !== 'batch');
  });

  test('every query is PromQL', () => {
    expect(queries.flatMap(({ title, expr }) => promqlErrors(expr).map((error) => `${title}: ${error}`))).toEqual([]);
  });

  test('alerts ask for ranges of their own, dashboards for that of Grafana', () => {
    expect(alerts.filter(({ expr }) => expr.includes('$'))).toEqual([]);
    expect(targets.filter(({ expr }) => !expr.includes('[$__rate_interval]'))).toEqual([]);
  });
});
