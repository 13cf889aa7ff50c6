/** Where an object stands that a rule found something in, as the cdk8s CLI takes it. */
export interface MeshViolatingResource {
  /** The object as `Kind namespace/name`. */
  readonly resourceName: string;
  /** Field, and file with line. */
  readonly locations: string[];
  /** The file. */
  readonly manifestPath: string;
}

/** A finding as the cdk8s CLI takes it. */
export interface MeshViolation {
  /** The code of the rule. */
  readonly ruleName: string;
  /** What is wrong. */
  readonly recommendation: string;
  /** What to do. */
  readonly fix: string;
  /** The objects concerned. */
  readonly violatingResources: MeshViolatingResource[];
}

/** What the cdk8s CLI knows about the construct of an object. */
export interface MeshConstructMetadata {
  /** The path of the construct. */
  readonly path: string;
}

/** The report that the cdk8s CLI prints. */
export interface IMeshValidationReport {
  /** Adds a finding. */
  addViolation(violation: MeshViolation): void;
  /** Ends the report by `success` or `failure`, with facts to print. */
  submit(status: string, metadata?: { [fact: string]: string }): void;
}

/** Where a plugin of the cdk8s CLI may write lines. */
export interface IMeshValidationLogger {
  /** Prints a line. */
  log(message: string): void;
}

/** What the cdk8s CLI hands to its plugins. */
export interface IMeshValidationContext {
  /** The files to judge. */
  readonly manifests: string[];
  /** What the CLI knows about constructs, by the names of objects. */
  readonly metadata: { [resourceName: string]: MeshConstructMetadata };
  /** The report to fill. */
  readonly report: IMeshValidationReport;
  /** Where to write lines. */
  readonly logger: IMeshValidationLogger;
}
