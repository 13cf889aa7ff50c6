/** The dashboards of a namespace, by what they show. */
export const DASHBOARDS = ['services', 'edges', 'releases'] as const;
export type DashboardKind = (typeof DASHBOARDS)[number];
