import { CanaryRelease } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo, bookinfoVersion } from '../samples';

/** Half of the requests for reviews go to the version with red stars. */
export function trafficShifting(scope: Construct): void {
  const reviews = bookinfo(scope, 'reviews');
  reviews.access.allowFrom(bookinfo(scope, 'productpage'));
  bookinfo(scope, 'ratings').access.allowFrom(reviews);

  new CanaryRelease(scope, 'reviews-release', {
    service: reviews,
    stable: { version: 'v1' },
    candidate: { version: 'v3', workload: bookinfoVersion(scope, 'reviews', 'v3'), weightPercent: 50 },
  });
}
