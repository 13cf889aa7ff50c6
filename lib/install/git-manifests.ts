import type { Construct } from 'constructs';
import type { KubeObject } from '../manifests/objects';
import { limit } from './limits';

/** Manifests of a project that has no chart of them: they stand in its Git repository. */
export interface GitManifests {
  /** What they are, and the name of what delivers them. */
  readonly what: string;
  readonly name: string;
  /** Address of the repository, and the Secret with which it is read. */
  readonly repository: string;
  readonly secret: string | undefined;
  readonly tag: string;
  /** A folder that kustomize builds, and the folder in which all that it reads is. */
  readonly folder: string;
  readonly within: string;
  /** Where the same manifests are as one file. */
  readonly download: string;
  /** Those of a file on disk, for tools that read no repository; fails where there is none. */
  readonly onDisk: () => readonly KubeObject[];
  /** What to say to an install where somebody else applies them. */
  readonly instead: string;
}

/** Has such manifests applied: makes, below a construct, what tells its tool to. */
export type DeliverManifests = (scope: Construct, manifests: GitManifests) => void;

/** Refuses a Secret, for tools that have no use for it. */
export function requireNoSecret(tool: string, { what, secret }: GitManifests, why: string): void {
  if (secret === undefined) return;
  throw limit(`${tool} ${why}, and \`repositorySecret\` of ${what} is \`${secret}\``, 'leave `repositorySecret` out');
}

/** For tools that install nothing but charts. */
export const onlyCharts: DeliverManifests = ({ node }, { what, download, instead }) => {
  throw limit(
    `the delivery of \`${node.path}\` installs charts, and ${what} has none`,
    `deliver it by \`Delivery.argoCd\`, \`Delivery.flux\` or \`Delivery.rendered\`, or apply it yourself, \`kubectl apply --server-side -f ${download}\`, and ${instead}`,
  );
};
