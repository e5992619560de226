import { Example, PartOf, Optional, Text, Texts } from '#platform';
import * as examples from './source.examples.ts';

const words = { max: 5000, multiline: true };

/** Who it is: every name that they go by, so that none is printed by mistake; and how to find them. */
export class IdentityBody {
  @Texts({ min: 1, max: 10 }, { max: 200 }) names!: string[];
  @Optional() @Text(words) details?: string;
}
@Example(examples.register)
export class RegisterSourceBody {
  @Text({ max: 64 }) desk!: string;
  @Text({ max: 300 }) description!: string;
  @Text(words) why!: string;
  @PartOf(() => IdentityBody) identity!: IdentityBody;
}
@Example(examples.look)
export class LookBody {
  @Text(words) reason!: string;
}
@Example(examples.retract)
export class RetractSourceBody {
  @Text(words) reason!: string;
}
/** By their ids. */
@Example(examples.seeAlerts)
export class SeeAlertsBody {
  @Texts({ min: 1, max: 1000 }, { max: 64 }) alerts!: string[];
}
export class SourceNothingBody {}
