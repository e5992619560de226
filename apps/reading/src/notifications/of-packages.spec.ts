import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, duty, id, packs, reporter } from '../samples.ts';
import { notifications } from './notifications.projection.ts';

let projected: Projecting;
beforeAll(async () => {
  projected = await projecting(notifications);
});
afterAll(() => projected.close());

test('whoever made a package and whoever had it in hand last hear that an article in it was killed', async () => {
  const packageId = id(70);
  await projected
    .given(
      packs.created(packageId),
      packs.told('PackageMarkedReady', packageId, { by: duty }),
      packs.told('PackagePartKilled', packageId, { by: reporter, article: articleId }),
    )
    .then({
      notification: [
        {
          subject: packageId,
          recipient: 'part keeper',
          kind: 'part-killed',
          article_id: null,
          about: { packageId, article: articleId },
        },
        { subject: packageId, recipient: 'part maker', kind: 'part-killed', by_id: 'r' },
      ],
      part_had: [
        { subject: packageId, part: 'keeper', person_id: 'd' },
        { subject: packageId, part: 'maker', person_id: 'e' },
      ],
    });
});
