import { Code, MeshError, quoted } from '../errors';
import { givenShape } from './given';
import { requireCaller } from './http-match';
import { byCodeUnits, isDnsName } from './names';
import type { CallerRef, IPeer } from './peer';

/** Conditions of a match, all of which must hold. */
export interface ConnectionMatchProps {
  /**
   * Callers, any of which matches: services, namespaces, and service accounts with `podLabels`. At a gateway, where callers
   * are outside the mesh, a match with callers never holds.
   * @default - every caller
   */
  readonly callers?: IPeer[];
  /**
   * Full names that clients ask for when they begin TLS (SNI), any of which matches. Only for ports of `tls` and `https`.
   * They become names of the service, which have to lead clients to its address.
   * @default - every name of the service
   */
  readonly serverNames?: string[];
}

/** What must hold of a connection, all of it; an empty list does not limit. */
export interface ConnectionConditions {
  readonly serverNames: readonly string[];
  readonly callers: readonly CallerRef[];
}

/**
 * A condition on a connection: all of its parts must hold. Lists of matches mean that any of them suffices.
 *
 * @example
 * import { ConnectionMatch, Peer } from 'cdk8s-mesh';
 * const reports = ConnectionMatch.allOf({ callers: [Peer.namespace('reports')], serverNames: ['eu.db.example.com'] });
 */
export class ConnectionMatch {
  /** All of these conditions hold. */
  static allOf(props: ConnectionMatchProps): ConnectionMatch {
    return new ConnectionMatch(givenShape('a match', props, { callers: 'made:_caller[]?', serverNames: 'text[]?' }));
  }

  /**
   * @internal
   */
  readonly _conditions: ConnectionConditions;

  private constructor(props: ConnectionMatchProps) {
    const { callers = [], serverNames = [] } = props;
    const empty = props.callers?.length === 0 ? 'callers' : props.serverNames?.length === 0 ? 'serverNames' : undefined;
    if (empty !== undefined && callers.length + serverNames.length > 0) {
      throw new MeshError(
        Code.MATCH,
        `a match has empty \`${empty}\`, which would match whatever it is`,
        `name some, or leave \`${empty}\` out to mean that`,
      );
    }
    if (callers.length + serverNames.length === 0) {
      throw new MeshError(
        Code.MATCH,
        'a match without conditions would match every connection',
        'give `callers` or `serverNames`; for every connection, leave `matches` of the route out',
      );
    }
    const wrong = serverNames.filter((name) => !isDnsName(name) || !name.includes('.'));
    if (wrong.length > 0) {
      throw new MeshError(
        Code.MATCH,
        `server name ${quoted(wrong)} is not a full DNS name`,
        'write it in lower case with its domain, for example `db.example.com`',
      );
    }
    this._conditions = {
      serverNames: [...new Set(serverNames)].sort(byCodeUnits),
      callers: callers.map((caller) => requireCaller('a match', caller._caller())),
    };
  }
}
