import { Duration } from 'cdk8s';
import { HeaderMatch, HttpMatch, Timeout } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo } from '../samples';

/** Who asks for reviews waits half a second, though one user's ratings take two. */
export function requestTimeouts(scope: Construct): void {
  const reviews = bookinfo(scope, 'reviews', { timeout: Timeout.of(Duration.millis(500)) });
  reviews.access.allowFrom(bookinfo(scope, 'productpage'));

  const ratings = bookinfo(scope, 'ratings');
  ratings.access.allowFrom(reviews);
  ratings.addRoute({
    name: 'slow',
    matches: [HttpMatch.allOf({ headers: [HeaderMatch.exact('end-user', 'jason')] })],
    fault: { delay: { duration: Duration.seconds(2) } },
  });
}
