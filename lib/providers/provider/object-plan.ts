import type { MeshIntent } from '../../intent/mesh';
import type { Labels } from '../../intent/names';

/** An object that a provider wants, named at once and filled at synth. */
export interface ObjectPlan {
  /** Construct id below the construct that asked for it. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for objects without a namespace. */
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The object's `spec` for the complete intent; undefined for kinds without one. */
  readonly spec?: (mesh: MeshIntent) => object;
  /** The object's `data` for the complete intent; undefined for kinds without one. */
  readonly data?: (mesh: MeshIntent) => Readonly<Record<string, string>>;
}

/** Annotations of an object that was planned, by its id. */
export interface ObjectNotes {
  readonly id: string;
  readonly annotations: Labels;
}

/** An object of one state of a cluster, and where it stands: a file with its line, or a construct. */
export interface StandingObject {
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly annotations?: Labels };
    readonly [field: string]: unknown;
  };
  readonly place: string;
}

/** Fields of an object that are changed in the cluster, as paths of jq. */
export interface IgnoredDifference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly paths: readonly string[];
}
