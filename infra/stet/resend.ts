import { type Command, Wrong } from './command.ts';
import { writers } from './ground.ts';

const wholeNumber = /^\d{1,15}$/;

export const resendCommand: Command = {
  operands: ['SERVICE', 'SHARD', 'POSITION'],
  about:
    'sends again what a log announced after a position, where a topic has lost messages; readers drop what they have',
  async run(ground, [name = '', shard = '', position = '']) {
    const service = writers.find((one) => one === name);
    if (!service) throw new Wrong(`There is no log of ${name}: it is one of ${writers.join(', ')}.`);
    if (!wholeNumber.test(shard) || !wholeNumber.test(position))
      throw new Wrong('Shard and position are whole numbers.');
    const client = await ground.pool(service).connect();
    try {
      await client.query('begin read write');
      const { rows } = await client.query<{ from: string }>(
        `update relay_cursor c set position = $2 from relay_cursor before
          where c.shard = $1 and before.shard = c.shard and c.position > $2 returning before.position::text as from`,
        [shard, position],
      );
      const [moved] = rows;
      if (!moved) throw new Wrong(`The relay of ${service} has sent nothing after ${position} in shard ${shard}.`);
      // Whoever holds it goes on from what it remembers; the next one begins at the cursor.
      await client.query('update relay_lease set holder = null');
      await client.query('commit');
      const json = { service, shard: Number(shard), after: position, upTo: moved.from };
      return { lines: [`Sends again from ${position} to ${moved.from}.`], json, wrong: false };
    } finally {
      client.release(true);
    }
  },
};
