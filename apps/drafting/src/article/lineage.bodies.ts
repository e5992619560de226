import type { LinkKind } from '#contracts';
import { Example, Id, LocalTime, OneOf, Optional, Text, WholeNumber } from '#platform';
import * as examples from './article.examples.ts';

const linkKinds: readonly LinkKind[] = [
  ...(['follow-up-of', 'translation-of', 'duplicate-of', 'substitute-for', 'related-to'] as const),
];

/** The same desk where it is left out. */
@Example(examples.descend)
export class DescendBody {
  @Optional() @Text({ max: 64 }) desk?: string;
}
@Example(examples.translate)
export class TranslateBody {
  @Text({ max: 35, min: 2 }) language!: string;
  @Optional() @Text({ max: 64 }) desk?: string;
}
/** The version is that of the other article's text which this one knows; the newest where it is left out. */
@Example(examples.link)
export class LinkBody {
  @OneOf(linkKinds) as!: LinkKind;
  @Id() to!: string;
  @Optional() @WholeNumber({ min: 1, max: 1_000_000 }) version?: number;
}
@Example(examples.unlink)
export class UnlinkBody {
  @OneOf(linkKinds) as!: LinkKind;
  @Id() to!: string;
}
/** A time of day in an IANA zone, with an offset where the clocks show it twice. */
@Example(examples.setEmbargo)
export class SetEmbargoBody {
  @LocalTime() at!: string;
  @Text({ max: 64 }) zone!: string;
  @Text({ max: 1000, multiline: true }) reason!: string;
}
