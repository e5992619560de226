import type { Alone, Parts } from '../services/alone.ts';

/** Sends the example of a command, or looks at something; both expect it to be taken, and give the answer's body. */
export interface Teller {
  readonly play: (who: string, address: string, change?: object) => Promise<Record<string, unknown>>;
  readonly look: (who: string, address: string) => Promise<Record<string, unknown>>;
}
/** A service, and a story in the examples of its API with each command and query at least once. */
export interface Story extends Parts {
  readonly tell: (service: Alone, teller: Teller) => Promise<void>;
}
