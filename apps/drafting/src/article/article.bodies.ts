import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { OneOf, Optional, Text, WholeNumber } from '#platform';

const blockId = { max: 64 };
/** A list of words or names, each within a line. */
const Lines = (most: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(most),
    Matches(/^[^\p{Cc}\p{Cs}]+$/u, { each: true, message: 'must be text without control characters' }),
    MaxLength(300, { each: true }),
    IsString({ each: true }),
  );
const line = { max: 300, min: 0 };

export class AttributionBody {
  @Text({ max: 300 }) speaker!: string;
  @OneOf(['person', 'statement']) kind!: 'person' | 'statement';
  @OneOf(['on-record', 'background', 'anonymous']) terms!: 'on-record' | 'background' | 'anonymous';
}

export class BlockBody {
  @Text(blockId) id!: string;
  @OneOf(['paragraph', 'subheading', 'quote', 'list']) kind!: 'paragraph' | 'subheading' | 'quote' | 'list';
  @Text({ max: 20_000, min: 0, multiline: true }) html!: string;
  @Optional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AttributionBody)
  attributions?: AttributionBody[];
}

/** The fields of an article's head; what is left out stays as it is. */
export class FieldsBody {
  @Optional() @Text({ max: 100, min: 0 }) slugline?: string;
  @Optional() @Text(line) headline?: string;
  @Optional() @Text({ max: 1000, min: 0 }) standfirst?: string;
  @Optional() @Lines(20) byline?: string[];
  @Optional() @Text(line) dateline?: string;
  @Optional() @Text({ max: 100, min: 0 }) section?: string;
  @Optional() @Text({ max: 35, min: 2 }) language?: string;
  @Optional() @WholeNumber({ min: 1, max: 9 }) urgency?: number;
  @Optional() @Lines(50) keywords?: string[];
}

export class StartBody {
  @Text({ max: 64 }) desk!: string;
  @OneOf(['story', 'flash', 'analysis']) kind!: 'story' | 'flash' | 'analysis';
  @Optional() @ValidateNested() @Type(() => FieldsBody) fields?: FieldsBody;
  @Optional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => BlockBody)
  blocks?: BlockBody[];
}

/** A save: against which version, and what it changes of it. */
export class ReviseBody {
  @WholeNumber({ min: 1, max: 1_000_000 }) base!: number;
  @Optional() @ValidateNested() @Type(() => FieldsBody) fields?: FieldsBody;
  @Optional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => BlockBody)
  put?: BlockBody[];
  @Optional() @Lines(1000) remove?: string[];
  @Optional() @Lines(1000) order?: string[];
}

export class ClaimBody {
  @Optional() @Text({ max: 1000, multiline: true }) reason?: string;
}
export class ReturnBody {
  @Text({ max: 5000, multiline: true }) note!: string;
}
export class SpikeBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** Names the version that was read. */
export class ReadBackBody {
  @WholeNumber({ min: 1, max: 1_000_000 }) version!: number;
  @Lines(1000) blocks!: string[];
}
export class ApproveBody {
  @WholeNumber({ min: 1, max: 1_000_000 }) version!: number;
}
/** For commands that need nothing said. */
export class NothingBody {}
