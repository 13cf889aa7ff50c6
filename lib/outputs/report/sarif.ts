import { createHash } from 'node:crypto';
import type { Judged, Report } from '../../check/report';
import type { Rule } from '../../rules';
import { relativeFile } from './relative-file';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const INFORMATION = 'https://github.com/cdk8s-mesh/cdk8s-mesh/blob/main/docs/rules.md';

/** What makes it and from where. */
export interface SarifSource {
  /** The version of this package. */
  readonly version: string;
  /** The root of the sources. */
  readonly folder: string;
}

/**
 * A report as SARIF 2.1.0, with what the code scanning of GitHub asks for.
 *
 * Source: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function sarifReport(report: Report, rules: readonly Rule[], { version, folder }: SarifSource): string {
  const run = {
    tool: {
      driver: {
        name: 'cdk8s-mesh',
        semanticVersion: version,
        version,
        informationUri: INFORMATION,
        rules: rules.map(ruleOf),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: report.problems.length === 0,
        toolExecutionNotifications: report.problems.map(({ file, line, message }) => ({
          level: 'error',
          message: { text: message },
          locations: [{ physicalLocation: { artifactLocation: artifact(folder, file), region: { startLine: line } } }],
        })),
      },
    ],
    results: [...report.findings, ...report.waived].map((judged) => resultOf(judged, rules, folder)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function ruleOf({ code, severity, title, why, fix, istio }: Rule) {
  const help = `${why}\n\nFix: ${fix}`;
  return {
    id: code,
    name: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: help, markdown: `${why}\n\n**Fix:** ${fix}` },
    helpUri: `${INFORMATION}#${code.toLowerCase()}`,
    defaultConfiguration: { level: severity },
    properties: { precision: 'very-high', tags: ['istio', 'kubernetes', ...(istio === undefined ? [] : [istio])] },
  };
}

function resultOf({ finding, spot, waiver }: Judged, rules: readonly Rule[], folder: string) {
  const { code, severity, resource, field, message, fix, file, line, construct } = finding;
  const region = {
    startLine: line ?? 1,
    ...(spot !== undefined && { startColumn: spot.column, endLine: spot.line, endColumn: spot.endColumn }),
  };
  return {
    ruleId: code,
    ruleIndex: rules.findIndex((rule) => rule.code === code),
    level: severity,
    message: { text: `${resource}: ${field === null ? '' : `${field}: `}${message}; fix: ${fix}` },
    ...(file !== null && {
      locations: [
        {
          physicalLocation: { artifactLocation: artifact(folder, file), region },
          logicalLocations: [{ fullyQualifiedName: construct ?? resource, kind: 'resource' }],
        },
      ],
    }),
    // Of all fingerprints, code scanning takes this one only.
    partialFingerprints: { primaryLocationLineHash: fingerprint(`${code}\n${resource}\n${field ?? ''}\n${message}`) },
    ...(waiver !== undefined && {
      suppressions: [
        {
          kind: waiver.source === 'annotation' ? 'inSource' : 'external',
          status: 'accepted',
          justification: waiver.reason === null ? 'it was there before' : `${waiver.reason} (until ${waiver.until})`,
        },
      ],
    }),
  };
}

function artifact(folder: string, file: string) {
  if (/^<.*>$/.test(file)) return { uri: file.slice(1, -1), uriBaseId: '%SRCROOT%' };
  const path = relativeFile(folder, file);
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
