import type { PrometheusRuleSpec } from '../../imports/monitoring.coreos.com';
import type { Labels } from '../intent/names';
import type { ServiceRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import type { Alert } from './alerts';

/** What every alert says beside what is wrong. */
export interface AlertTexts {
  /** Labels by which alerts are routed. */
  readonly labels: Labels;
  /** Page with a section for each alert. */
  readonly runbookUrl: string;
}

/** The alerts of services as groups of Prometheus' rules, one for each service. */
export function ruleGroups(
  services: readonly { readonly ref: ServiceRef; readonly alerts: readonly Alert[] }[],
  texts: AlertTexts,
): Required<Pick<PrometheusRuleSpec, 'groups'>> {
  return {
    groups: services
      .filter(({ alerts }) => alerts.length > 0)
      .map(({ ref, alerts }) => ({
        name: `mesh ${serviceKey(ref)}`,
        rules: alerts.map((alert) => ({
          alert: alert.name,
          expr: alert.expr,
          for: alert.for,
          labels: { ...texts.labels, severity: alert.severity, namespace: ref.namespace, service: ref.name },
          annotations: {
            summary: alert.summary,
            description: alert.description,
            runbook_url: `${texts.runbookUrl}#${alert.anchor}`,
          },
        })),
      })),
  };
}
