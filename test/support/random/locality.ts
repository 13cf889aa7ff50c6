import type { LocalityShare, RegionFailover } from '../../../lib';
import { Locality } from '../../../lib';
import { always, become, factories, listOf, oneOf, struct, values } from './some';
import type { Any } from './world';

const REGIONS = ['eu-west', 'eu-north', 'us-east', 'us-west', 'ap-south'];

/** A region and another one, now and then itself. */
const failover: Any<RegionFailover> = oneOf(
  ...REGIONS.map((region, index) =>
    struct<RegionFailover>('RegionFailover')({
      region: always(values([region])),
      failoverTo: always(values([REGIONS[(index + 1) % REGIONS.length] ?? ''], [region])),
    }),
  ),
);
const distribution: Any<LocalityShare> = oneOf(
  ...REGIONS.map((region) =>
    struct<LocalityShare>('LocalityShare')({
      source: always(values([`${region}/*`, `${region}/a/*`])),
      shares: always(
        values<LocalityShare['shares']>(
          [{ 'eu-west/*': 80, 'us-east/*': 20 }, { [`${region}/*`]: 100 }],
          [{ 'eu-west/*': 80 }, { 'eu-west/*': 50.5, 'us-east/*': 49.5 }, {}],
        ),
      ),
    }),
  ),
);

/** Which endpoints are near. */
export const locality: Any<Locality> = factories<typeof Locality>('Locality')({
  failover: become(listOf(failover, 1, 2), 'Locality.failover', (regions) => Locality.failover(regions)),
  distribute: become(listOf(distribution, 1, 2), 'Locality.distribute', (shares) => Locality.distribute(shares)),
  off: become(values(['']), 'Locality.off', () => Locality.off()),
});
