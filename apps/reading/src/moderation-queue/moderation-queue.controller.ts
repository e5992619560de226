import { Controller, Query } from '@nestjs/common';
import Type from 'typebox';
import { Id as IdOf, Instant, Person, Screening } from '#contracts';
import { Id, Optional, QueryRoute, Roles } from '#platform';
import { Projections } from '#projections';
import { ask, ListQuery } from '../asking.ts';
import { pending } from '../examples.ts';
import { counted, countOf, listAnswer, listOf, pageOf, placeOf, usualLimit, utc, where } from '../lists.ts';
import { staff } from '../roles.ts';
import { moderationQueue } from './moderation-queue.projection.ts';

class QueueQuery extends ListQuery {
  /** Of one story alone. */
  @Optional() @Id() articleId?: string;
}

const PendingComment = Type.Object(
  {
    commentId: IdOf,
    articleId: IdOf,
    headline: Type.String({ description: 'of the article as it is out' }),
    slugline: Type.String(),
    revision: Type.Integer({ description: 'what a decision names' }),
    author: Person,
    text: Type.String(),
    articleVersion: Type.Integer({ description: 'the version that its author saw' }),
    screening: Screening,
    submittedAt: Instant,
    parked: Type.Boolean({ description: 'something about its article could not be brought up to date' }),
  },
  { additionalProperties: false },
);
const comments = 'from queue_comment left join queue_article using (article_id)';
const waiting = `pending and thread is distinct from 'frozen'`;
type Row = Record<'commentId' | 'articleId' | 'submittedAt', string>;

@Controller('queues')
@Roles(...staff)
export class ModerationQueueController {
  constructor(private readonly models: Projections) {}

  @QueryRoute('pending', listOf(PendingComment, pending, counted), {
    description: 'Comments that nobody has decided, oldest first; none of a thread that is frozen.',
    paged: true,
  })
  pending(@Query() query: QueueQuery) {
    const { limit = usualLimit } = query;
    const asked = where({ [waiting]: true, 'article_id = ?': query.articleId });
    const after = placeOf(query, ['time', 'id']);
    const place = where({ '(submitted_at, comment_id) > (?::timestamptz, ?::uuid)': after }, asked.values);
    return ask(this.models, [moderationQueue.name], query, async (snapshot) => {
      const rows = await snapshot.query<Row>(
        `select comment_id as "commentId", article_id as "articleId", coalesce(headline, '') as headline,
                coalesce(slugline, '') as slugline, revision, json_build_object('id', author_id, 'name', author_name) as author,
                body as text, article_version as "articleVersion", screening, ${utc('submitted_at')} as "submittedAt"
           ${comments}
          where ${asked.text} and ${place.text}
          order by submitted_at, comment_id
          limit ${limit + 1}`,
        place.values,
      );
      const page = pageOf(rows, limit, ({ submittedAt, commentId }) => [submittedAt, commentId]);
      const items = page.items.map((item) => ({ ...item, parked: snapshot.parked.has(item.articleId) }));
      return listAnswer({ ...page, items }, snapshot, await countOf(snapshot, comments, asked));
    });
  }
}
