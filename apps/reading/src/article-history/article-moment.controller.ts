import { Controller, Param, Query } from '@nestjs/common';
import Type from 'typebox';
import { Content, Instant, Person } from '#contracts';
import { Answer, Moment, Problem, QueryRoute, Roles } from '#platform';
import { Projections } from '#projections';
import { AfterQuery, ask, refuseParked } from '../asking.ts';
import { moment } from '../examples.ts';
import { boardAt, boardPast } from '../newsroom-board/board-past.projection.ts';
import { boardOf } from '../newsroom-board/board.sql.ts';
import { BoardItem } from '../newsroom-board/newsroom-board.controller.ts';
import { staff } from '../roles.ts';
import { articleHistory } from './article-history.projection.ts';
import { textAfter } from './texts.ts';

class MomentQuery extends AfterQuery {
  @Moment() at!: string;
}
const MomentAnswer = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'of the text that its working line stood at' }),
    at: { ...Instant, description: 'when it came to stand there' },
    by: Person,
    content: Content,
    board: BoardItem,
  },
  { additionalProperties: false, examples: [moment] },
);

@Controller('articles')
@Roles(...staff)
export class ArticleMomentController {
  constructor(private readonly models: Projections) {}

  @QueryRoute(':id/moment', MomentAnswer, {
    description: 'The article as it was at an instant: its text, and its row on the board.',
  })
  moment(@Param('id') articleId: string, @Query() query: MomentQuery) {
    const of = { articleId, line: 'article' };
    return ask(this.models, [articleHistory.name, boardPast.name], query, async (snapshot) => {
      refuseParked(snapshot.parked, articleId);
      const text = await textAfter(snapshot, of, 'happened_at <= $3::timestamptz', query.at);
      const [row] = await snapshot.query<object>(boardOf(boardAt('$1'), '$2::uuid'), [query.at, articleId]);
      if (!text || !row) throw new Problem('not-found', { detail: 'There was no such article then.' });
      const { version, at, by, content } = text;
      return new Answer({ version, at, by, content, board: { ...row, parked: false } }, () => ({
        'Stet-Position': snapshot.position,
      }));
    });
  }
}
