/** Stable codes of everything that this library refuses. A code never changes its meaning and is never reused. */
export const Code = {
  NO_MESH: 'MESH-API-001',
  MESH_TWICE: 'MESH-API-002',
  NAMESPACE_UNDECLARED: 'MESH-API-003',
  NAMESPACE_TWICE: 'MESH-API-004',
  NAMESPACE_ENFORCE: 'MESH-API-005',
  INJECTION_LABELS: 'MESH-API-006',
  POD_SECURITY: 'MESH-API-007',
  SERVICE_TWICE: 'MESH-API-010',
  NAME: 'MESH-API-011',
  PORT_INVALID: 'MESH-API-012',
  PORT_TWICE: 'MESH-API-013',
  PORT_NOT_LISTENING: 'MESH-API-014',
  PORT_PROTOCOL: 'MESH-API-015',
  PORT_UNKNOWN: 'MESH-API-017',
  WORKLOAD_MISSING: 'MESH-API-020',
  WORKLOAD_UNREADABLE: 'MESH-API-021',
  WORKLOAD_LABELS: 'MESH-API-022',
  WORKLOAD_TWICE: 'MESH-API-023',
  WORKLOAD_NAMESPACE: 'MESH-API-024',
  WORKLOAD_EXTERNAL: 'MESH-API-025',
  WORKLOAD_NOT_INJECTED: 'MESH-API-026',
  WORKLOAD_ANNOTATION: 'MESH-API-027',
  SELECTOR: 'MESH-API-028',
  SERVICE_ACCOUNT: 'MESH-API-030',
  SERVICE_ACCOUNT_DEFAULT: 'MESH-API-031',
  SERVICE_ACCOUNT_SHARED: 'MESH-API-032',
  OBJECT_TWICE: 'MESH-API-033',
  SERVICE_SECOND: 'MESH-API-034',
  NETWORK_POLICY_SECOND: 'MESH-API-035',
  ROUTE_OWNER: 'MESH-API-036',
  SERVICE_PORTS: 'MESH-API-037',
  OBJECT_FILE: 'MESH-API-038',
  OPERATION: 'MESH-API-040',
  OPERATION_ON_TCP: 'MESH-API-041',
  PATH: 'MESH-API-042',
  GRANT: 'MESH-API-043',
  GATEWAY_UNKNOWN: 'MESH-API-044',
  KUBERNETES_API_UNKNOWN: 'MESH-API-045',
  LABELS: 'MESH-API-046',
  END_DATE: 'MESH-API-047',
  ENDED: 'MESH-API-048',
  CONDITION: 'MESH-API-049',
  DENIAL: 'MESH-API-053',
  TOKEN: 'MESH-API-054',
  CHECK: 'MESH-API-055',
  DRY_RUN: 'MESH-API-056',
  DURATION: 'MESH-API-050',
  RESILIENCE: 'MESH-API-051',
  QUANTITY: 'MESH-API-052',
  WEIGHT: 'MESH-API-060',
  VERSION: 'MESH-API-061',
  RELEASE: 'MESH-API-062',
  MATCH: 'MESH-API-063',
  ROUTE: 'MESH-API-064',
  FAULT: 'MESH-API-065',
  PLAN: 'MESH-API-066',
  PLAN_JUMP: 'MESH-API-067',
  PLAN_NOTE: 'MESH-API-068',
  VERSION_MISSING: 'MESH-API-069',
  EXTERNAL_HOST: 'MESH-API-070',
  EXTERNAL_ADDRESS: 'MESH-API-071',
  EXTERNAL_TCP: 'MESH-API-072',
  EGRESS_GATEWAY: 'MESH-API-073',
  EXTERNAL_TLS: 'MESH-API-074',
  INGRESS: 'MESH-API-080',
  INGRESS_HOST_TWICE: 'MESH-API-081',
  CREDENTIAL_NAMESPACE: 'MESH-API-082',
  MESH_OPTION: 'MESH-API-090',
  PROVIDER_UNKNOWN: 'MESH-API-091',
  UNSUPPORTED: 'MESH-API-092',
  PREVIOUS: 'MESH-API-095',
  MIGRATION: 'MESH-API-100',
  MIGRATION_JUMP: 'MESH-API-101',
  MIGRATION_NOTE: 'MESH-API-102',
  CALLER_OUTSIDE: 'MESH-API-103',
  TELEMETRY: 'MESH-API-110',
  TELEMETRY_TWICE: 'MESH-API-111',
  MONITORING_UNKNOWN: 'MESH-API-112',
  WORKLOAD_ENDS: 'MESH-API-120',
  INIT_CONTAINERS: 'MESH-API-121',
  PROXY_USER: 'MESH-API-122',
  PROBES: 'MESH-API-123',
  DRAIN: 'MESH-API-124',
  INSTALL: 'MESH-API-130',
  TYPE: 'MESH-API-140',
  NETWORK_WIDE: 'MESH-SEC-001',
  ENDING: 'MESH-SEC-002',
  PATH_DENIAL: 'MESH-SEC-003',
  DRY_RUN_ON: 'MESH-SEC-004',
  MIGRATION_NEXT: 'MESH-SEC-005',
  INIT_CONTAINERS_UNKNOWN: 'MESH-SEC-010',
  NAMES_UNVERIFIED: 'MESH-SEC-020',
  OUTPUT_VALUE: 'MESH-OUT-001',
  OUTPUT_NAME: 'MESH-OUT-002',
  FILE_TWICE: 'MESH-OUT-003',
  DEPENDENCY_CYCLE: 'MESH-OUT-004',
  OUTPUT_OPTION: 'MESH-OUT-005',
  OUTPUT_FOLDER: 'MESH-OUT-006',
  OUTPUT_LINK: 'MESH-OUT-007',
  PROJECT_CONFIG: 'MESH-OUT-010',
  APP_FAILED: 'MESH-OUT-011',
  OUTPUT_INVALID: 'MESH-OUT-012',
  MANIFESTS: 'MESH-OUT-013',
  CHECK_OPTION: 'MESH-OUT-014',
  BASELINE: 'MESH-OUT-015',
  WAIVER: 'MESH-OUT-016',
} as const;

export type Code = (typeof Code)[keyof typeof Code];

/** What is wrong, and what to do about it in the words of the API that the user called. */
export interface Problem {
  readonly code: Code;
  readonly message: string;
  readonly fix: string;
}

/** A problem in one line, as it is shown to people. */
export function describeProblem(problem: Problem): string {
  return `${problem.code}: ${problem.message}; fix: ${problem.fix}`;
}

/** Bad input, refused. */
export class MeshError extends Error {
  readonly code: Code;
  readonly fix: string;
  /** The same as data. */
  readonly problem: Problem;

  constructor(code: Code, message: string, fix: string) {
    super(describeProblem({ code, message, fix }));
    this.name = 'MeshError';
    this.code = code;
    this.fix = fix;
    this.problem = { code, message, fix };
  }
}

/** Names in backticks, as messages list them: `a`, `b`. */
export function quoted(values: Iterable<string | number>): string {
  return [...values].map((value) => `\`${value}\``).join(', ');
}
