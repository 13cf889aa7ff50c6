import { Code, MeshError } from '../errors';
import { givenList, givenOptions } from '../intent/given';
import type { LocalitySettings } from '../intent/balancing';

/** Where requests of a region go when the region fails. */
export interface RegionFailover {
  /** The region, as nodes are labelled with `topology.kubernetes.io/region`. */
  readonly region: string;
  /** The region that takes over. */
  readonly failoverTo: string;
}

/** How the requests of a place are shared between places. */
export interface LocalityShare {
  /** Where requests come from: `region`, `region/zone` or `region/zone/*`. */
  readonly source: string;
  /** Percentages by place; they add up to 100. */
  readonly shares: { readonly [locality: string]: number };
}

/**
 * Which regions and zones requests go to. It takes effect by outlier detection, which must be on.
 *
 * @example
 * import { Locality } from 'cdk8s-mesh';
 * const locality = Locality.failover([{ region: 'eu-west-1', failoverTo: 'eu-central-1' }]);
 */
export class Locality {
  /** Requests stay in their zone, then in their region, and go to a named region when all of it fails. */
  static failover(regions: RegionFailover[]): Locality {
    if (givenList('regions of a failover', regions).length === 0) {
      throw new MeshError(Code.RESILIENCE, 'locality failover names no regions', 'name them, or use `Locality.off()`');
    }
    const seen = new Set<string>();
    for (const { region, failoverTo } of regions) {
      if (region === failoverTo || seen.has(region)) {
        throw new MeshError(
          Code.RESILIENCE,
          `region \`${region}\` fails over ${region === failoverTo ? 'to itself' : 'to two regions'}`,
          'name one other region',
        );
      }
      seen.add(region);
    }
    return new Locality({
      kind: 'failover',
      failover: regions.map(({ region, failoverTo }) => ({ from: region, to: failoverTo })),
    });
  }

  /** Requests of a place are shared between places by percentages. */
  static distribute(shares: LocalityShare[]): Locality {
    for (const { source, shares: to } of givenList('shares of a locality', shares)) {
      givenOptions(`\`shares\` of \`${source}\``, to);
      const total = Object.values(to).reduce((sum, share) => sum + share, 0);
      const wrong = Object.values(to).some((share) => !Number.isInteger(share) || share < 1 || share > 100);
      if (total !== 100 || wrong) {
        throw new MeshError(
          Code.WEIGHT,
          `shares of the requests from \`${source}\` add up to \`${total}\``,
          'use whole percentages from 1 to 100 that add up to 100',
        );
      }
    }
    if (shares.length === 0) {
      throw new MeshError(Code.RESILIENCE, 'locality distribution has no shares', 'give some, or use `Locality.off()`');
    }
    return new Locality({
      kind: 'distribute',
      distribute: shares.map(({ source, shares: to }) => ({ from: source, to })),
    });
  }

  /** Requests go to every place alike. */
  static off(): Locality {
    return new Locality('off');
  }

  /**
   * @internal
   */
  readonly _settings: LocalitySettings | 'off';

  private constructor(settings: LocalitySettings | 'off') {
    this._settings = settings;
  }
}
