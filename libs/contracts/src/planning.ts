import Type, { type Static } from 'typebox';
import { Content, Id, Instant, Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

const ArticleKind = Type.Union([Type.Literal('story'), Type.Literal('flash'), Type.Literal('analysis')]);
const template = { templateId: Id, by: Person };
const kept = { desk: Type.String(), kind: ArticleKind, content: Content };

/** What leaves of templates: an article that is to be begun from one. */
export const templateUsed = contract('TemplateUsed', 2, 'An article is begun from a template', {
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
  contract('TemplateCreated', 2, 'A template for articles of a desk', { ...template, ...kept, name: Type.String() }),
  contract('TemplateChanged', 2, 'It reads otherwise', {
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

const plan = { planId: Id, by: Person };
const happening = {
  name: Type.String(),
  starts: Instant,
  zone: Type.String({ description: 'IANA zone of where it happens' }),
  place: Type.String(),
  note: Type.String(),
};
const coverage = { ...plan, coverageId: Id };
const wanted = {
  what: Type.Union([Type.Literal('text'), Type.Literal('picture'), Type.Literal('video'), Type.Literal('graphic')]),
  note: Type.String(),
  due: Type.Optional(Instant),
};
/** Told where it cannot be seen from the event alone: readers of the topic keep no history to work it out from. */
const CoverageState = Type.String({ description: 'planned, assigned, accepted, declined or completed' });

/** What is going to happen, and who covers it. */
export const planContracts = [
  contract('PlanMade', 1, 'An event is going to happen that a desk wants to cover', {
    ...{ ...plan, desk: Type.String() },
    ...happening,
  }),
  contract('PlanChanged', 1, 'It is going to happen otherwise', { ...plan, ...happening }),
  contract('PlanCancelled', 1, 'It is not covered any more, and what was planned with it is not either', {
    ...{ ...plan, reason: Type.String() },
    coverages: Type.Array(Id, { description: 'those that this cancelled' }),
  }),
  contract('PlanRestored', 1, 'It is covered after all, and so is what was cancelled with it', {
    ...plan,
    coverages: Type.Array(Type.Object({ id: Id, state: CoverageState }, { additionalProperties: false })),
  }),
  contract('CoverageAdded', 1, 'Something of it is wanted', { ...coverage, ...wanted }),
  contract('CoverageChanged', 1, 'Something else of it is wanted, or at another time', { ...coverage, ...wanted }),
  contract('CoverageAssigned', 1, 'Somebody was asked to do it', { ...coverage, to: Person }),
  contract('CoverageAccepted', 1, 'They will', coverage),
  contract('CoverageDeclined', 1, 'They will not', { ...coverage, reason: Type.String() }),
  contract('CoverageLinked', 1, 'This article is what comes of it', { ...coverage, article: Id }),
  contract('CoverageCompleted', 1, 'It is done: somebody said so, or its article is out', { ...coverage, at: Instant }),
  contract('CoverageCancelled', 1, 'It is not wanted any more', { ...coverage, reason: Type.String() }),
  contract('CoverageRestored', 1, 'It is wanted after all', { ...coverage, state: CoverageState }),
] as const;
export type PlanEvent = EventOf<(typeof planContracts)[number]>;

const pack = { packageId: Id, by: Person };
/** A part of a package: an article, or another package. */
export const Part = Type.Object(
  { is: Type.Union([Type.Literal('article'), Type.Literal('package')]), id: Id },
  { additionalProperties: false },
);
export type Part = Static<typeof Part>;
/** What belongs together, in order. */
export const packageContracts = [
  contract('PackageCreated', 1, 'Articles are to be shown together: as a package, or as a list that somebody keeps', {
    ...{ ...pack, desk: Type.String(), name: Type.String() },
    kind: Type.Union([Type.Literal('package'), Type.Literal('list')]),
  }),
  contract('PackageRenamed', 1, 'It goes by another name', { ...pack, name: Type.String() }),
  contract('PackageArranged', 1, 'These are its parts now, in this order', { ...pack, parts: Type.Array(Part) }),
  contract('PackageMarkedReady', 1, 'It may be shown as it is', pack),
  contract('PackagePartKilled', 1, 'An article in it, however deep, was killed: it cannot be shown as it is', {
    ...pack,
    article: Id,
  }),
  contract('PackageDiscarded', 1, 'It is not kept any more', { ...pack, reason: Type.String() }),
] as const;
export type PackageEvent = EventOf<(typeof packageContracts)[number]>;
