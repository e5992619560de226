import { Example, OneOf, PartOf, Optional, Text, Texts } from '#platform';
import { type IfOut, ifOuts } from '../article/state.ts';
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
/** What is out and rests on it is told of, or held as well: as it is said the first time. */
@Example(examples.retract)
export class RetractSourceBody {
  @Text(words) reason!: string;
  @Optional() @OneOf(ifOuts) ifOut?: IfOut;
}
/** By their ids. */
@Example(examples.seeAlerts)
export class SeeAlertsBody {
  @Texts({ min: 1, max: 1000 }, { max: 64 }) alerts!: string[];
}
export class SourceNothingBody {}
