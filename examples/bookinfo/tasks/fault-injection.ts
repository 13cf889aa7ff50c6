import { Duration } from 'cdk8s';
import { HeaderMatch, HttpMatch } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo } from '../samples';

/** For one user ratings are slow, for another they fail; nobody else notices. */
export function faultInjection(scope: Construct): void {
  const ratings = bookinfo(scope, 'ratings');
  ratings.access.allowFrom(bookinfo(scope, 'reviews'));

  const user = (name: string) => [HttpMatch.allOf({ headers: [HeaderMatch.exact('end-user', name)] })];
  ratings.addRoute({ name: 'slow', matches: user('jason'), fault: { delay: { duration: Duration.seconds(7) } } });
  ratings.addRoute({ name: 'broken', matches: user('susan'), fault: { abort: { httpStatus: 500 } } });
}
