/** What a stable code means to a caller. */
export interface Meaning {
  readonly status: number;
  readonly title: string;
}

const all = (status: number, titles: Readonly<Record<string, string>>): [string, Meaning][] =>
  Object.entries(titles).map(([code, title]) => [code, { status, title }]);

/**
 * Every code an answer can carry. A code never changes its meaning. `docs/problems.md` lists them for callers; a test
 * keeps it equal to this table, and another finds any code that the deciders use and this table lacks.
 */
export const problems: ReadonlyMap<string, Meaning> = new Map([
  ...all(400, {
    'malformed-request': 'The request is not valid HTTP.',
    'malformed-json': 'The body is not valid JSON in UTF-8.',
    'invalid-body': 'The body has wrong, missing or unknown fields; `errors` names each.',
    'invalid-parameter': 'A part of the address or its query is wrong or unknown; `errors` names each.',
    'bad-id': 'An id in the address is not an id: 36 characters, lower case.',
    'bad-if-match': 'If-Match is not one version in quotes, such as "3".',
    'idempotency-key-required': 'Whatever creates something needs an Idempotency-Key.',
    'bad-idempotency-key': 'An Idempotency-Key is 1 to 200 visible ASCII characters.',
    'bad-position': 'That is not a position that Stet gave out.',
    'unstorable-text': 'The text holds characters that cannot be kept.',
  }),
  ...all(401, {
    'token-missing': 'This asks for a bearer token.',
    'token-invalid': 'The token cannot be read, or is not signed as it must be.',
    'token-expired': 'The token has expired.',
    'token-not-yet-valid': 'The token is not valid yet.',
    'token-foreign': 'The token is not from this issuer, or not for this audience.',
  }),
  ...all(403, {
    'role-required': 'This asks for a role that the caller does not have; `by` lists those that may.',
    'other-desk': 'The caller has the role, but not for this desk.',
    'four-eyes': 'A second person must do this; `blocks` lists what nobody else has seen.',
    'own-block': 'Nobody reads back what they wrote themselves.',
    'all-own-blocks': 'There is nothing here that you did not write yourself.',
    'not-assigned': 'It is for whoever was asked to do it; `to` says who that is.',
    'not-author': 'Only its author may do this.',
    'note-blocks': 'This note stands against an approval, and not everybody resolves it; `by` lists who does.',
    'not-your-suggestion': 'Whoever may not write the text rejects no suggestion but their own; `by` lists who does.',
    'second-person': 'Somebody else must do this.',
  }),
  ...all(404, {
    'not-found': 'There is nothing here by that id.',
    'route-not-found': 'There is no such address.',
    'page-withheld': 'Readers had this page and may have it again; `state` says whether it is held or unpublished.',
  }),
  ...all(405, {
    'method-not-allowed': 'This address does not take that method; the Allow header lists those it takes.',
  }),
  ...all(408, { 'request-too-slow': 'The request did not arrive in time.' }),
  ...all(409, {
    'not-allowed-now': 'Not possible in its present state; `allowed` lists what is, and by whom.',
    'version-conflict': 'Somebody else changed it at the same moment.',
    'block-conflict':
      'Somebody else changed the same text; both texts, their common ancestor and a proposal are given.',
    'gates-not-passed': 'Something is still missing; `gates` lists all of it.',
    'correction-would-be-lost': 'This would undo a correction.',
    'story-is-live': 'Readers have it.',
    'withdrawal-pending': 'Its approval was withdrawn, and publication has not said yet whether in time.',
    'nothing-waiting': 'No later approved text waits here to be taken or to go out.',
    'nothing-approved': 'There is no approved version.',
    'parts-not-ready': 'Not all parts can be shown; `unfit` lists why.',
    'coverage-in-other-state':
      'The coverage is in another state, `state`; `states` lists those in which it is possible.',
    'scheduled-already': 'That version goes out by itself already; its time can be moved.',
    'not-scheduled': 'Nothing of it goes out by itself.',
    'under-embargo': 'It may not go out before; `until` says when it may.',
    'original-not-out': 'It follows articles that were not out before; `originals` names them.',
    'not-published': 'Readers do not have it.',
    'nothing-corrected': 'It reads as the published version does.',
    'approval-not-arrived': 'The approval has not reached publication yet.',
    'timer-outdated': 'A timer that was moved or cancelled came after all.',
    'thread-frozen': 'The article is held: for now nothing is taken or decided; `allowed` lists what still works.',
    'thread-closed': 'The article was withdrawn: its thread is closed for ever.',
    'person-erased': 'This person was erased: nothing is taken for them any more, under that id.',
    'generation-serves': 'This generation of the read model is the one that serves.',
    'generation-behind':
      'This generation is older than the one that serves, and no answer may be older than one before; perhaps it will catch up.',
    'generation-not-compared':
      'This generation is still being built, or it came to something else than the one that serves.',
    'no-second-look': 'No second look at it is owed: it was not approved by one person alone.',
    'no-legal-check': 'No legal check of it is open.',
    'approval-rejected': 'The approval was rejected, and waits until it is resumed; `step`, `by` and `reason` say how.',
    'approval-not-rejected': 'Nobody has rejected the approval.',
    'approval-steps-taken': 'It has the approval steps that its desk has settled.',
    'no-approval-steps': 'Its desk has it approved in one step.',
    'move-refused': 'A rule of a desk is against this move; `detail` says why, `desk` and `rule` which.',
    'lease-held': 'Somebody else has the text in hand; `lease` says who, and until when.',
    'decided-already': 'Somebody has decided it since it was seen; `state` and `decidedBy` say how.',
  }),
  ...all(410, { 'page-killed': 'This page was withdrawn for good.' }),
  ...all(412, {
    'stale-if-match': 'It is no longer at the version in If-Match; `actual` is the present one.',
    'version-seen-stale': 'The text has changed since the version that was seen.',
    'revision-seen-stale': 'The comment has changed since the revision that was seen.',
  }),
  ...all(413, {
    'body-too-large': 'A body is at most 1 MiB.',
    'event-too-large': 'What this would record is too large for one event.',
  }),
  ...all(414, { 'address-too-long': 'The address is too long.' }),
  ...all(415, { 'unsupported-media-type': 'Bodies are application/json, not compressed.' }),
  ...all(417, { 'expectation-failed': 'The expectation in Expect is not known.' }),
  ...all(422, {
    'idempotency-mismatch': 'The Idempotency-Key was used before, for another body.',
    'blocks-invalid': 'The blocks do not fit together.',
    'unknown-version': 'There is no such version.',
    'unknown-task': 'There is no such task.',
    'unknown-source': 'There is no such source, or none that the caller may know of.',
    'attribution-missing': 'The text quotes nobody anonymously in that block under that description.',
    'correction-due': 'What was stated wrong goes out as a correction, with a note to readers.',
    'edition-stays': 'An update appears in the edition of what it replaces.',
    'text-not-named': 'Name one text: the version or the correction that goes out.',
    'unknown-zone': 'There is no time zone by that name.',
    'time-comes-never': 'The clocks of that zone are put forward past this time.',
    'time-comes-twice':
      'The clocks of that zone show this time twice; an offset says which is meant, `instants` lists both.',
    'offset-not-of-zone': 'That zone has another offset at that time.',
    'time-is-past': 'That time is not in the future.',
    'parts-invalid': 'The parts do not fit together; `parts` names those that are meant.',
    'unknown-coverage': 'There is no such coverage.',
    'requirement-invalid': 'No text can meet this requirement.',
    'link-invalid': 'That is no other article that it could be linked to.',
    'starter-stays': 'Whoever started an article stays its writer.',
    'goes-in-a-circle': 'This would make a circle; `cycle` names it.',
    'unknown-language': 'There is no such language; the first part of its tag is asked for, such as `en`.',
    'style-rule-invalid': 'A phrase has 1 to 10 words, and a word one `*` at most.',
    'style-too-large': 'House style has no room for more of these; `costly` are those with `*`, `#` or quotes.',
    'unknown-rule': 'There is no such rule.',
    'unknown-step': 'No such step of the approval is open; `steps` lists those that are.',
    'steps-invalid': 'Each step of an approval has a name of its own.',
    'unknown-stage': 'The desk has no such stage; `stages` lists those it has.',
    'unknown-note': 'There is no such note.',
    'unknown-suggestion': 'There is no such suggestion.',
    'range-invalid': 'There is no such stretch of that block; `length` says how long it is.',
    'reason-required': 'This asks for a reason.',
  }),
  ...all(429, { 'too-many-requests': 'The caller asks faster than allowed; Retry-After says when to go on.' }),
  ...all(431, { 'headers-too-large': 'The headers are too large.' }),
  ...all(500, { internal: 'Something is broken on our side. It was recorded.' }),
  ...all(503, {
    overloaded: 'Too much to do at the moment; Retry-After says when to try again.',
    unavailable: 'Something that this needs cannot be reached at the moment.',
    'issuer-unavailable': 'The issuer of tokens cannot be reached at the moment.',
    stopping: 'This process is stopping.',
    parked: 'What this would show could not be brought up to date; an operator was told.',
    'not-here-yet': 'What this needs is on its way from another service.',
  }),
  ...all(504, { 'position-not-reached': 'The answer is not yet as new as was asked for.' }),
]);

/** A code that this table does not list is a refusal by a rule: the state of things stands against it. */
export const meaningOf = (code: string): Meaning =>
  problems.get(code) ?? { status: 409, title: 'Refused in its present state.' };

/** The codes of a status, for documents. */
export const codesOf = (status: number): string =>
  [...problems]
    .filter(([, meaning]) => meaning.status === status)
    .map(([code]) => `\`${code}\``)
    .join(', ');

/** The catalogue as it stands in `docs/problems.md`. */
export function problemsTable(): string {
  const row = ([code, { status, title }]: [string, Meaning]) => `| \`${code}\` | ${status} | ${title} |`;
  return ['| Code | Status | Meaning |', '| --- | --- | --- |', ...[...problems].map(row)].join('\n') + '\n';
}
