import { type Block, cleanBlock, type Content, type Image } from '#contracts';
import {
  Example,
  Id,
  ListOf,
  OneOf,
  Optional,
  PartOf,
  PartWhere,
  Text,
  Texts,
  Unless,
  WebAddress,
  WholeNumber,
  YesNo,
} from '#platform';
import * as examples from './article.examples.ts';
import type { Revision } from './editing.ts';
import { type IfOut, ifOuts } from './state.ts';

export const kinds = ['story', 'flash', 'analysis'] as const;
const line = { max: 300, min: 0 };
const blockId = { max: 64 };
const version = { min: 1, max: 1_000_000 };
/** More than any text may have; what the text as a whole may have is for the aggregate to say. */
const blocks = { min: 0, max: 5000 };

export class AttributionBody {
  @Text({ max: 300 }) speaker!: string;
  @OneOf(['person', 'statement']) kind!: 'person' | 'statement';
  @OneOf(['on-record', 'background', 'anonymous']) terms!: 'on-record' | 'background' | 'anonymous';
}

const pixels = { min: 1, max: 100_000 };
/** A picture by where it is: its address, or its id in an archive of pictures. */
export class ImageBody {
  @Unless('asset') @WebAddress() href?: string;
  @Optional() @Text({ max: 300 }) asset?: string;
  @Optional() @Text({ max: 2000, min: 0 }) alt?: string;
  @Optional() @Text(line) credit?: string;
  @Optional() @Text({ max: 2000, min: 0 }) rights?: string;
  @Optional() @WholeNumber(pixels) width?: number;
  @Optional() @WholeNumber(pixels) height?: number;
}

const blockKinds = ['paragraph', 'subheading', 'quote', 'list', 'image'] as const satisfies readonly Block['kind'][];
export class BlockBody {
  @Text(blockId) id!: string;
  @OneOf(blockKinds) kind!: Block['kind'];
  /** Of an image, its caption. */
  @Text({ max: 250_000, min: 0, multiline: true }) html!: string;
  @Optional() @ListOf(() => AttributionBody, { min: 0, max: 20 }) attributions?: AttributionBody[];
  @PartWhere('kind', 'image', () => ImageBody) image?: ImageBody;
}

/** The fields of an article's head; what is left out stays as it is. */
export class FieldsBody {
  @Optional() @Text({ max: 100, min: 0 }) slugline?: string;
  @Optional() @Text(line) headline?: string;
  @Optional() @Text({ max: 1000, min: 0 }) standfirst?: string;
  @Optional() @Texts({ min: 0, max: 20 }, { max: 300 }) byline?: string[];
  @Optional() @Text(line) dateline?: string;
  @Optional() @Text({ max: 100, min: 0 }) section?: string;
  @Optional() @Text({ max: 35, min: 2 }) language?: string;
  @Optional() @WholeNumber({ min: 1, max: 9 }) urgency?: number;
  @Optional() @Texts({ min: 0, max: 50 }, { max: 300 }) keywords?: string[];
}

@Example(examples.start)
export class StartBody {
  @Text({ max: 64 }) desk!: string;
  @OneOf(kinds) kind!: 'story' | 'flash' | 'analysis';
  @Optional() @PartOf(() => FieldsBody) fields?: FieldsBody;
  @Optional() @ListOf(() => BlockBody, blocks) blocks?: BlockBody[];
}

/** A save: against which version, and what it changes of it. */
@Example(examples.revise)
export class ReviseBody {
  @WholeNumber(version) base!: number;
  @Optional() @PartOf(() => FieldsBody) fields?: FieldsBody;
  @Optional() @ListOf(() => BlockBody, blocks) put?: BlockBody[];
  @Optional() @Texts(blocks, blockId) remove?: string[];
  @Optional() @Texts(blocks, blockId) order?: string[];
}

const offset = { min: 0, max: 1_000_000 };
const session = { max: 64 };
/** A save in a session, whose autosave it clears. */
@Example(examples.revise)
export class SaveBody extends ReviseBody {
  @Optional() @Text(session) session?: string;
}
/** A save as it would be sent. */
@Example(examples.autosave)
export class AutosaveBody extends ReviseBody {
  @Text(session) session!: string;
}
@Example({ session: examples.session })
export class SessionBody {
  @Text(session) session!: string;
}

@Example(examples.takeOver)
export class TakeOverBody {
  @Text(session) session!: string;
  @Text({ max: 1000, multiline: true }) reason!: string;
}

/** The old version, and the one that it replaces. */
@Example(examples.restore)
export class RestoreVersionBody {
  @WholeNumber(version) version!: number;
  @WholeNumber(version) seen!: number;
}
@Example(examples.claim)
export class ClaimBody {
  @Optional() @Text({ max: 1000, multiline: true }) reason?: string;
}
@Example(examples.sendBack)
export class ReturnBody {
  @Text({ max: 5000, multiline: true }) note!: string;
}
/** Names the version that was read. */
@Example(examples.rejectApproval)
export class RejectApprovalBody {
  @WholeNumber(version) version!: number;
  @Text({ max: 5000, multiline: true }) reason!: string;
}
@Example(examples.skipStep)
export class SkipApprovalStepBody {
  @Text({ max: 64 }) step!: string;
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** To another desk, at a stage of it or its first; without a desk, to another stage of its own. */
@Example(examples.move)
export class MoveBody {
  @Optional() @Text({ max: 64 }) desk?: string;
  @Optional() @Text({ max: 64 }) stage?: string;
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** The version that was approved. Where it is out already that is told, or it is held as well. */
@Example(examples.withdrawApproval)
export class WithdrawApprovalBody {
  @WholeNumber(version) version!: number;
  @Text({ max: 1000, multiline: true }) reason!: string;
  @Optional() @OneOf(ifOuts) ifOut?: IfOut;
}
@Example(examples.spike)
export class SpikeBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}
@Example(examples.reason)
export class ReasonBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** Names the version that was read; what is not passed asks for a reason. */
@Example(examples.answerLegalCheck)
export class AnswerLegalCheckBody {
  @WholeNumber(version) version!: number;
  @OneOf(['pass', 'changes-wanted', 'refuse']) answer!: 'pass' | 'changes-wanted' | 'refuse';
  @Optional() @Text({ max: 5000, multiline: true }) reason?: string;
}
/** The same; where the article is refused, and is out already, that is told, or it is held as well. */
@Example(examples.answerLegalCheck)
export class AnswerArticleCheckBody extends AnswerLegalCheckBody {
  @Optional() @OneOf(ifOuts) ifOut?: IfOut;
}
/** Where it is out already that is told, or it is held as well. */
@Example(examples.markNotForPublication)
export class MarkNotForPublicationBody extends ReasonBody {
  @Optional() @OneOf(ifOuts) ifOut?: IfOut;
}
@Example(examples.waiveLegalCheck)
export class WaiveLegalCheckBody {
  @WholeNumber(version) version!: number;
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** Names the version that was read. */
@Example(examples.readBack)
export class ReadBackBody {
  @WholeNumber(version) version!: number;
  @Texts(blocks, blockId) blocks!: string[];
}
@Example(examples.approve)
export class ApproveBody {
  @WholeNumber(version) version!: number;
  /** The warnings that are passed over, by their rules: as a refusal names them in `gates`. */
  @Optional() @Texts({ min: 0, max: 100 }, { max: 100 }) confirm?: string[];
  /** Why it cannot wait for a second person, where the desk lets one approve what is urgent. */
  @Optional() @Text({ max: 1000, multiline: true }) alone?: string;
}
/** The version that one person approved alone. */
@Example(examples.countersign)
export class CountersignBody {
  @WholeNumber(version) version!: number;
}
/** A block as it reads in the version seen, or a stretch of its HTML in UTF-16 units. */
export class PlaceBody {
  @WholeNumber(version) version!: number;
  @Text(blockId) block!: string;
  @Optional() @WholeNumber(offset) from?: number;
  @Optional() @WholeNumber(offset) to?: number;
}
/** Mentions are ids of persons. */
@Example(examples.addNote)
export class AddNoteBody {
  @Text({ max: 5000, multiline: true }) note!: string;
  @Optional() @YesNo() blocking?: boolean;
  @Optional() @Texts({ min: 0, max: 50 }, { max: 200 }) mentions?: string[];
  @Optional() @PartOf(() => PlaceBody) on?: PlaceBody;
}
@Example(examples.settleTask)
export class SettleTaskBody {
  @Id() taskId!: string;
  @Text({ max: 5000, multiline: true }) how!: string;
}
@Example(examples.resolveNote)
export class ResolveNoteBody {
  @Id() noteId!: string;
}
/** A block as it should read, in place of the one by that id in the version seen. */
@Example(examples.suggestEdit)
export class SuggestEditBody {
  @WholeNumber(version) version!: number;
  @PartOf(() => BlockBody) block!: BlockBody;
  @Optional() @Text({ max: 5000, min: 0, multiline: true }) note?: string;
}
/** Names the version of the text that was read. */
@Example(examples.acceptSuggestion)
export class AcceptSuggestionBody {
  @Id() suggestionId!: string;
  @WholeNumber(version) version!: number;
}
@Example(examples.rejectSuggestion)
export class RejectSuggestionBody {
  @Id() suggestionId!: string;
  @Optional() @Text({ max: 1000, min: 0, multiline: true }) reason?: string;
}
/** For commands that need nothing said. */
export class NothingBody {}

const empty: Content = {
  ...{ slugline: '', headline: '', standfirst: '', byline: [], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
/** Only the fields that were sent; a class's own undefined ones would overwrite what stands. */
const fieldsOf = (given: FieldsBody): Partial<Omit<Content, 'blocks'>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
const imageOf = ({ href, asset, alt = '', credit = '', rights = '', width, height }: ImageBody): Image => ({
  ...(href === undefined ? {} : { href }),
  ...(asset === undefined ? {} : { asset }),
  ...{ alt, credit, rights },
  ...(width === undefined ? {} : { width }),
  ...(height === undefined ? {} : { height }),
});
/** A block, its HTML cleaned. */
export const blockOf = ({ id, kind, html, attributions = [], image }: BlockBody): Block =>
  cleanBlock({
    ...{ id, kind, html },
    attributions: attributions.map(({ speaker, kind: of, terms }) => ({ speaker, kind: of, terms })),
    ...(image ? { image: imageOf(image) } : {}),
  });
const blocksOf = (given: readonly BlockBody[]): Block[] => given.map(blockOf);

/** The text that an article starts with. */
export const contentOf = ({ fields = {}, blocks: given = [] }: Pick<StartBody, 'fields' | 'blocks'>): Content => ({
  ...empty,
  ...fieldsOf(fields),
  blocks: blocksOf(given),
});
/** A save, its HTML cleaned. */
export const revisionOf = ({ base, fields, put, remove, order }: ReviseBody): Revision => ({
  ...{ base, remove, order },
  fields: fields && fieldsOf(fields),
  put: put && blocksOf(put),
});
