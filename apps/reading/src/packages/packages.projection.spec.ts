import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, id, packs } from '../samples.ts';
import { packages } from './packages.projection.ts';

let model: Projecting;
beforeAll(async () => {
  model = await projecting(packages);
});
afterAll(() => model.close());

test('a package stands with its parts in order; one that is arranged anew has to be made ready again', async () => {
  const [own, parts] = [id(70), [{ is: 'article', id: articleId } as const, { is: 'package', id: id(71) } as const]];
  const events = [packs.created(own), packs.told('PackageRenamed', own, { name: 'The bridge' })];
  const row = { package_id: own, desk: 'city', kind: 'package', name: 'The bridge' };
  const made = [...events, packs.arranged(own, ...parts), packs.told('PackageMarkedReady', own)];
  await model.given(...events).then({ package: [{ ...row, state: 'open', parts: [] }] });
  await model.given(...made).then({ package: [{ ...row, state: 'ready', parts, log_key: own }] });
  await model.given(...made, packs.arranged(own)).then({ package: [{ ...row, state: 'open', parts: [] }] });
  const killed = packs.told('PackagePartKilled', own, { article: articleId });
  await model.given(...made, killed).then({ package: [{ ...row, state: 'open', parts }] });
  const gone = packs.told('PackageDiscarded', own, { reason: 'R' });
  await model.given(...made, gone).then({ package: [{ ...row, state: 'discarded' }] });
});
