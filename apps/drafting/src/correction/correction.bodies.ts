import { Example, Id } from '#platform';
import { id } from '../article/article.examples.ts';

@Example({ articleId: id })
export class OpenBody {
  @Id() articleId!: string;
}
