/** What the cluster is for, where that decides what is refused. */
export enum Environment {
  /** People depend on it: what is made to do harm is refused unless it is named. */
  PRODUCTION = 'production',
  /** Development, test or staging. */
  OTHER = 'other',
}
