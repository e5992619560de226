import Type from 'typebox';
import { Content, Id, Instant, Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const ArticleKind = Type.Union([Type.Literal('story'), Type.Literal('flash'), Type.Literal('analysis')]);
const template = { templateId: Id, by: Person };
const kept = { desk: Type.String(), kind: ArticleKind, content: Content };

/** What leaves of templates: an article that is to be begun from one. */
export const templateUsed = contract('TemplateUsed', 1, 'An article is begun from a template', {
  ...{ ...template, ...kept },
  started: Type.String({ format: 'uuid', description: 'id of the article' }),
  at: Instant,
  schedule: Type.Optional(
    Type.Object(
      { number: Type.Integer({ minimum: 1 }), due: Instant, next: Instant },
      { additionalProperties: false, description: 'where nobody asked for it but its time had come' },
    ),
  ),
});
/** How articles of a desk begin. Nothing else of them leaves drafting. */
export const templateContracts = [
  contract('TemplateCreated', 1, 'A template for articles of a desk', { ...template, ...kept, name: Type.String() }),
  contract('TemplateChanged', 1, 'It reads otherwise', {
    ...{ ...template, kind: ArticleKind, content: Content },
    name: Type.String(),
  }),
  contract('TemplateScheduled', 1, 'An article is begun from it every week, by itself', {
    ...template,
    number: Type.Integer({ minimum: 1, description: 'how often its timer was set' }),
    days: Type.Array(Type.String()),
    time: Type.String(),
    zone: Type.String({ description: 'IANA zone of the time' }),
    next: Instant,
  }),
  contract('TemplateUnscheduled', 1, 'No article is begun from it by itself any more', template),
  contract('TemplateRetired', 1, 'No article is begun from it any more', template),
] as const;
export type TemplateEvent = EventOf<(typeof templateContracts)[number] | typeof templateUsed>;
