import type { Approved } from './drafting.ts';
import type { Scene } from './scene.ts';

/** The duty editor sends out what was approved, as it appeared in the edition that the file names. */
export async function publish({ page, cast, teller }: Scene, approved: Approved): Promise<Approved> {
  const { dutyEditor } = cast;
  const { articleId, version, position: after } = approved;
  teller.chapter('It goes out');
  const edition = { paper: page.paper, date: page.date };
  const sent = await dutyEditor.command('publication', `/publications/${articleId}/publish`, {
    ...{ version, edition, after },
  });
  const newest = { after: sent.position };
  const history = await dutyEditor.ask('reading', `/articles/${articleId}/history?service=publication`, newest);
  const [opened] = history.body.items as { type: string; by: { name: string } }[];
  teller.tell('publication', `opened by itself when ${opened?.by.name ?? ''}’s approval arrived`, opened?.type);
  const log = await dutyEditor.ask('reading', `/publication-log?articleId=${articleId}`, newest);
  const [entry] = log.body.items as { path: string }[];
  teller.tell(dutyEditor.called, `publishes version ${version}, in ${page.paper} of ${page.date}`, sent.state);
  teller.show(`readers find it at ${entry?.path ?? ''}`);
  return { ...approved, position: sent.position };
}
