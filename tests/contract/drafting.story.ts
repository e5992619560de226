import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import type { Alone } from '../services/alone.ts';
import type { Teller } from './teller.ts';

/** One story in the examples of drafting's API, every command and query of it at least once. */
export async function tellDrafting({ hear }: Pick<Alone, 'hear'>, { play, look }: Teller): Promise<void> {
  const { id } = (await play('reporter rana', '/articles')) as { id: string };
  const article = `/articles/${id}`;
  await look('reporter rana', article);
  await tellVersions({ play, look });
  const byRana = ['revise', 'submit', 'recall', 'submit'];
  for (const command of byRana) await play('reporter rana', `${article}/${command}`);
  for (const command of ['claim', 'return']) await play('editor edna', `${article}/${command}`);
  await play('reporter rana', `${article}/submit`);
  for (const command of ['claim', 'read-back']) await play('editor edna', `${article}/${command}`);
  await look('editor edna', `${article}/actions`);
  const byEdna = ['approve', 'open-next-version', 'discard-next-version', 'spike', 'unspike', 'approve'];
  for (const command of byEdna) await play('editor edna', `${article}/${command}`);
  const { content } = await look('editor edna', article);
  const data = { articleId: id, by: { id: 'dora', name: 'Dora' }, version: 2, content };
  await hear(onPublicationDecided, { type: 'ArticlePublished', key: id, data });
  await tellCorrections(id, { play, look });
  await tellCorrectionSteps(id, { play, look });
  await tellLegal({ play, look });
  await tellSuggestions({ play, look });
  await tellSources({ play, look });
  await tellDesks({ play, look });
  await tellStyle({ play, look });
  await tellLineage({ play, look });
  await tellTemplates({ play, look });
  await tellTeamwork({ play, look });
  await tellPlans(id, { play, look });
  await tellPackages(id, { play, look });
  await tellLone({ play, look });
  await tellLoneCorrection(id, { play, look });
  await tellWithdrawal({ play, look });
}

/** An approval is taken back before it is out. */
async function tellWithdrawal({ play, look }: Teller): Promise<void> {
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('reporter rana', `${article}/submit`);
  await play('editor edna', `${article}/claim`);
  await play('editor edna', `${article}/approve`, { version: 1 });
  await play('editor edna', `${article}/withdraw-approval`, { version: 1 });
  await look('reporter rana', article);
}

/** Written and approved by one editor, because it cannot wait; another one looks at it later. */
async function tellLone({ play, look }: Teller): Promise<void> {
  await play('chief carl', '/desks/city/set-lone-approval');
  const fields = { slugline: 'fire', headline: 'Fire in the harbour', byline: ['E. Fry'], urgency: 1 };
  const article = `/articles/${String((await play('editor edna', '/articles', { fields })).id)}`;
  await play('editor edna', `${article}/submit`);
  await play('editor edna', `${article}/claim`);
  await play('editor edna', `${article}/approve`, { version: 1, alone: 'It burns.' });
  await look('editor edna', article);
  await play('editor emil', `${article}/countersign`, { version: 1 });
}

async function tellTeamwork({ play, look }: Teller): Promise<void> {
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('editor edna', `${article}/add-co-writer`);
  await play('editor edna', `${article}/assign`);
  await play('editor edna', `${article}/set-deadline`);
  await look('reporter rana', article);
  await play('editor edna', `${article}/unassign`);
  await play('editor edna', `${article}/clear-deadline`);
  await play('editor edna', `${article}/remove-co-writer`);
}

async function tellDesks({ play, look }: Teller): Promise<void> {
  await play('chief carl', '/desks/city/set-requirements');
  for (const command of ['set-member', 'set-stages', 'set-move-rules'])
    await play('chief carl', `/desks/city/${command}`);
  await look('reporter rana', '/desks/city');
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('editor edna', `${article}/move`);
  await tellSteps({ play, look });
  await look('reporter rana', '/desks');
}

async function tellSuggestions({ play, look }: Teller): Promise<void> {
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('reporter rana', `${article}/suggest-edit`);
  const { suggestions } = (await look('reporter rana', `${article}/suggestions`)) as { suggestions: { id: string }[] };
  const suggestionId = suggestions[0]?.id;
  await play('reporter rana', `${article}/accept-suggestion`, { suggestionId });
  await play('reporter rana', `${article}/suggest-edit`, { block: { id: 'p1', kind: 'paragraph', html: 'Shut.' } });
  const open = (await look('reporter rana', `${article}/suggestions`)) as { suggestions: { id: string }[] };
  await play('reporter rana', `${article}/reject-suggestion`, { suggestionId: open.suggestions[1]?.id });
}

async function tellStyle({ play, look }: Teller): Promise<void> {
  await play('editor edna', '/style/en/set-rule');
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('reporter rana', `${article}/revise`, {
    put: [{ id: 'p1', kind: 'paragraph', html: 'The harbour docks.' }],
  });
  await look('reporter rana', `${article}/style`);
  await look('reporter rana', '/style/en');
  await play('editor edna', '/style/en/drop-rule');
}

async function tellSteps({ play, look }: Teller): Promise<void> {
  await play('chief carl', '/desks/city/set-approval');
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('reporter rana', `${article}/submit`);
  await play('editor edna', `${article}/claim`);
  await play('editor edna', `${article}/approve`, { version: 1 });
  await play('legal lea', `${article}/reject-approval`, { version: 1 });
  await look('editor edna', article);
  await play('editor edna', `${article}/resume-approval`);
  await play('chief carl', `${article}/skip-approval-step`);
  // Whatever is told after this is approved by one editor.
  await play('chief carl', '/desks/city/set-approval', { steps: [] });
}

async function tellLegal({ play, look }: Teller): Promise<void> {
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('editor edna', `${article}/request-legal-check`);
  await play('legal lea', `${article}/answer-legal-check`, { version: 1 });
  await play('editor edna', `${article}/request-legal-check`);
  await play('chief carl', `${article}/waive-legal-check`, { version: 1 });
  await play('reporter rana', `${article}/add-note`);
  const { notes } = (await look('editor edna', `${article}/notes`)) as { notes: { id: string }[] };
  await play('editor edna', `${article}/resolve-note`, { noteId: notes[0]?.id });
  await play('editor edna', `${article}/mark-not-for-publication`);
  await look('reporter rana', article);
  await play('editor edna', `${article}/unmark-not-for-publication`);
}

async function tellLineage({ play, look }: Teller): Promise<void> {
  const to = String((await play('reporter rana', '/articles')).id);
  const article = `/articles/${String((await play('reporter rana', `/articles/${to}/duplicate`)).id)}`;
  for (const command of ['translate', 'start-follow-up']) await play('reporter rana', `/articles/${to}/${command}`);
  await play('chief carl', `${article}/link`, { to });
  await look('reporter rana', article);
  await play('chief carl', `${article}/unlink`, { to });
  await play('chief carl', `${article}/set-embargo`);
  await play('chief carl', `${article}/drop-embargo`);
}

async function tellTemplates({ play, look }: Teller): Promise<void> {
  const template = `/templates/${String((await play('editor edna', '/templates')).id)}`;
  for (const command of ['change', 'schedule', 'start-article']) await play('editor edna', `${template}/${command}`);
  for (const address of [template, `${template}/actions`, '/templates']) await look('reporter rana', address);
  for (const command of ['unschedule', 'retire']) await play('editor edna', `${template}/${command}`);
}

async function tellPlans(articleId: string, { play, look }: Teller): Promise<void> {
  const plan = `/plans/${String((await play('editor edna', '/plans')).id)}`;
  await play('editor edna', `${plan}/change`);
  await play('editor edna', `${plan}/add-coverage`);
  const { coverages } = (await look('reporter rana', plan)) as { coverages: { id: string }[] };
  const coverageId = coverages[0]?.id;
  const step = (who: string, command: string, change = {}) =>
    play(who, `${plan}/${command}`, { coverageId, ...change });
  await step('editor edna', 'change-coverage');
  for (const command of ['accept', 'decline']) {
    await step('editor edna', 'assign');
    await step('reporter rana', command);
  }
  await step('editor edna', 'link-article', { articleId });
  await look('reporter rana', plan);
  await look('reporter rana', `${plan}/actions`);
  for (const command of ['cancel-coverage', 'restore-coverage']) await step('editor edna', command);
  for (const command of ['cancel', 'restore']) await play('editor edna', `${plan}/${command}`);
  await step('editor edna', 'complete');
}

async function tellPackages(articleId: string, { play, look }: Teller): Promise<void> {
  const pack = `/packages/${String((await play('editor edna', '/packages')).id)}`;
  await play('editor edna', `${pack}/rename`);
  await play('editor edna', `${pack}/arrange`);
  await look('reporter rana', pack);
  await play('editor edna', `${pack}/arrange`, { parts: [{ is: 'article', id: articleId }] });
  await play('editor edna', `${pack}/mark-ready`);
  await look('reporter rana', `${pack}/actions`);
  await look('reporter rana', '/packages');
  await play('editor edna', `${pack}/discard`);
}

async function tellSources({ play, look }: Teller): Promise<void> {
  const source = `/sources/${String((await play('reporter rana', '/sources')).id)}`;
  await play('editor edna', `${source}/verify`);
  const article = await tellSourcing(source, { play, look });
  await play('editor edna', `${source}/look`);
  await look('editor edna', source);
  await look('editor edna', `${source}/actions`);
  await look('editor edna', `${source}/alerts`);
  await look('editor edna', '/sources/alerts/events');
  await play('editor edna', `${source}/see-alerts`);
  await look('editor edna', '/sources');
  await play('editor edna', `${source}/retract`);
  await look('editor edna', `${source}/uses`);
  const { tasks } = (await look('editor edna', article)) as { tasks: { id: string }[] };
  await play('editor edna', `${article}/settle-task`, { taskId: tasks[0]?.id });
  await play('privacy-officer pia', `${source}/destroy-key`);
}

async function tellVersions({ play, look }: Teller): Promise<void> {
  const article = `/articles/${String((await play('reporter rana', '/articles')).id)}`;
  await play('reporter rana', `${article}/revise`);
  await play('reporter rana', `${article}/revise`, { base: 2, fields: { dateline: 'PORT' }, put: [] });
  await play('reporter rana', `${article}/restore-version`);
  await tellAtWork(article, { play, look });
}

/** As of an article, of a correction. */
async function tellAtWork(text: string, { play, look }: Teller): Promise<void> {
  await play('reporter rana', `${text}/autosave`);
  await look('reporter rana', `${text}/autosaves`);
  await play('reporter rana', `${text}/discard-autosave`);
  await play('reporter rana', `${text}/lease`);
  await play('reporter rana', `${text}/release-lease`);
  await play('reporter rana', `${text}/lease`);
  await look('editor edna', `${text}/lease`);
  await look('editor edna', `${text}/events`);
  await play('editor edna', `${text}/take-over-lease`);
}

async function tellSourcing(source: string, { play, look }: Teller): Promise<string> {
  const officer = { speaker: 'an officer of the harbour guard', kind: 'person', terms: 'anonymous' };
  const blocks = [{ id: 'p2', kind: 'quote', html: '“It is not safe,” said an officer.', attributions: [officer] }];
  const article = `/articles/${String((await play('reporter rana', '/articles', { blocks })).id)}`;
  await play('reporter rana', `${article}/attribute`, { sourceId: source.slice('/sources/'.length) });
  await play('editor edna', `${article}/source-check`, { version: 1 });
  await look('editor edna', `${article}/sourcing`);
  return article;
}

async function tellCorrections(articleId: string, { play, look }: Teller): Promise<void> {
  const opened = async () => String((await play('reporter rana', '/corrections', { articleId })).id);
  const correction = `/corrections/${await opened()}`;
  await look('editor edna', correction);
  // The example is what went out, so that it changes nothing here.
  await play('reporter rana', `${correction}/revise`);
  await play('reporter rana', `${correction}/revise`, { put: [], fields: { dateline: 'PORT' }, remove: ['p2'] });
  await play('reporter rana', `${correction}/revise`, { base: 2, put: [{ id: 'p2', kind: 'quote', html: '“Nine.”' }] });
  await play('reporter rana', `${correction}/restore-version`);
  await play('reporter rana', `${correction}/restore-version`, { version: 3, seen: 4 });
  await tellAtWork(correction, { play, look });
  await play('editor edna', `${correction}/request-legal-check`);
  await play('legal lea', `${correction}/answer-legal-check`, { version: 5 });
  await play('editor edna', `${correction}/request-legal-check`);
  await play('chief carl', `${correction}/waive-legal-check`, { version: 5 });
  await play('editor edna', `${correction}/read-back`, { version: 5 });
  await look('editor edna', `${correction}/actions`);
  await look('editor edna', `${correction}/style`);
  await play('editor edna', `${correction}/approve`, { version: 5 });
  await play('editor edna', `/corrections/${await opened()}/discard`);
}

/** It goes through the steps that its desk has while it is opened, until an editor takes those that it has by then. */
async function tellCorrectionSteps(articleId: string, { play, look }: Teller): Promise<void> {
  await play('chief carl', '/desks/city/set-approval');
  const correction = `/corrections/${String((await play('reporter rana', '/corrections', { articleId })).id)}`;
  await play('chief carl', '/desks/city/set-approval', { steps: [] });
  await play('reporter rana', `${correction}/revise`, { put: [], fields: { dateline: 'PORT' } });
  await play('editor edna', `${correction}/approve`, { version: 2 });
  await play('legal lea', `${correction}/reject-approval`, { version: 2 });
  await look('editor edna', correction);
  await play('editor edna', `${correction}/resume-approval`);
  await play('chief carl', `${correction}/skip-approval-step`);
  await play('editor edna', `${correction}/take-approval-steps`);
}

/** A correction of one's own that cannot wait; another one looks at it later. */
async function tellLoneCorrection(articleId: string, { play }: Teller): Promise<void> {
  const correction = `/corrections/${String((await play('editor edna', '/corrections', { articleId })).id)}`;
  await play('editor edna', `${correction}/revise`, { put: [], fields: { dateline: 'PORT', urgency: 1 } });
  const block = { id: 'p3', kind: 'paragraph', html: 'It burns.' };
  await play('editor edna', `${correction}/revise`, { base: 2, put: [block] });
  await play('editor edna', `${correction}/approve`, { version: 3, alone: 'It burns.' });
  await play('editor emil', `${correction}/countersign`, { version: 3 });
}
