import { CanaryRelease, HeaderMatch, HttpMatch } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo, bookinfoVersion } from '../samples';

/** One user sees the reviews with black stars, everybody else those without stars. */
export function requestRouting(scope: Construct): void {
  const reviews = bookinfo(scope, 'reviews');
  reviews.access.allowFrom(bookinfo(scope, 'productpage'));
  bookinfo(scope, 'ratings').access.allowFrom(reviews);

  new CanaryRelease(scope, 'reviews-release', {
    service: reviews,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: bookinfoVersion(scope, 'reviews', 'v2'), weightPercent: 0 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('end-user', 'jason')] })],
  });
}
