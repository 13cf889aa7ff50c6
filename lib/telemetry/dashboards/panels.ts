import type { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardBuilder, DatasourceVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** A query of a panel, and what its series are called. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A panel of lines over time. */
export interface Lines {
  readonly title: string;
  /** What the reader learns from it. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: 'reqps' | 'percentunit' | 'ms' | 'short' | 'cps';
  readonly queries: readonly Query[];
}

/** Panels under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Lines[];
}

/** The range of rates in Grafana, which it fits to the time that is shown and to the scraping interval. */
export const RANGE = '$__rate_interval';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WIDTH = 8;
const HEIGHT = 8;
const GRID = 24;

/** A dashboard as JSON that Grafana imports. It is of the classic kind, since every Grafana in use reads that from files. */
export function dashboardJson(
  uid: string,
  title: string,
  rows: readonly Row[],
  links: readonly DashboardLinkBuilder[],
): string {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .tags(['mesh'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  links.forEach((link) => dashboard.link(link));
  let id = 0;
  let y = 0;
  for (const { title: heading, panels } of rows) {
    dashboard.withRow(new RowBuilder(heading).id((id += 1)).gridPos({ h: 1, w: GRID, x: 0, y }));
    y += 1;
    panels.forEach((lines, index) => {
      const x = (index * WIDTH) % GRID;
      const top = y + Math.floor((index * WIDTH) / GRID) * HEIGHT;
      dashboard.withPanel(
        panel(lines)
          .id((id += 1))
          .gridPos({ h: HEIGHT, w: WIDTH, x, y: top }),
      );
    });
    y += Math.ceil((panels.length * WIDTH) / GRID) * HEIGHT;
  }
  return `${JSON.stringify(dashboard.build(), undefined, 1)}\n`;
}

function panel({ title, description, unit, queries }: Lines): PanelBuilder {
  const built = new PanelBuilder().title(title).description(description).unit(unit).min(0).datasource(DATASOURCE);
  queries.forEach(({ expr, legend }, index) =>
    built.withTarget(
      new DataqueryBuilder().datasource(DATASOURCE).expr(expr).legendFormat(legend).range().refId(refId(index)),
    ),
  );
  return built;
}

/** Names of queries as Grafana gives them: A to Z, AA, AB. */
function refId(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : `${refId(Math.floor(index / 26) - 1)}${letter}`;
}
