import type { Part } from '#contracts';
import { Example, Id, ListOf, OneOf, Text } from '#platform';
import * as examples from './package.examples.ts';
import type { Package } from './package.ts';

@Example(examples.create)
export class CreatePackageBody {
  @Text({ max: 64 }) desk!: string;
  @OneOf(['package', 'list']) kind!: Package['kind'];
  @Text({ max: 200 }) name!: string;
}
@Example(examples.rename)
export class RenamePackageBody {
  @Text({ max: 200 }) name!: string;
}
export class PartBody {
  @OneOf(['article', 'package']) is!: Part['is'];
  @Id() id!: string;
}
/** All parts, in their order. */
@Example(examples.arrange)
export class ArrangeBody {
  @ListOf(() => PartBody, { min: 0, max: 100 }) parts!: PartBody[];
}
@Example(examples.discard)
export class DiscardPackageBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}
