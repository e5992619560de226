import { decodePositions } from '#contracts';
import { type Digest, digestOf } from '#projections';
import { readModels } from '../../apps/reading/src/read-models.ts';
import { type Command, table } from './command.ts';

export const digestCommand: Command = {
  operands: [],
  about: 'the digest of each read model, and the positions that it stands at',
  async run(ground) {
    const pool = ground.pool('reading');
    const digests: (Omit<Digest, 'projection'> & { readModel: string; positions: unknown })[] = [];
    for (const model of readModels) {
      ground.progress(`${model.name}: reading all its rows`);
      const { projection: readModel, ...digest } = await digestOf(pool, model);
      const positions = (decodePositions(digest.position) ?? []).map((at) => ({
        ...at,
        position: String(at.position),
      }));
      digests.push({ readModel, ...digest, positions });
    }
    const lines = digests.flatMap(({ readModel, version, digest, rows, position, parked }) => [
      `${readModel} v${version}  ${digest}`,
      ...table([
        [
          'rows',
          Object.entries(rows)
            .map(([name, count]) => `${name} ${count}`)
            .join(', '),
        ],
        ['at', position],
        ...(parked.length > 0 ? [['parked', parked.map(({ topic, key }) => `${topic} ${key}`).join(', ')]] : []),
      ]),
    ]);
    return { lines, json: { digests }, wrong: digests.some(({ parked }) => parked.length > 0) };
  },
};
