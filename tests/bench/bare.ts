// What the services are held against: a Fastify route with one INSERT, and node:http routes with one SELECT; nothing else.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import fastify from 'fastify';
import pg from 'pg';

// The very SQL of the queries, from what the service runs on.
const from = (file: string) => import(new URL(`../../dist/apps/reading/src/${file}`, import.meta.url).href);
const { pageBy } = (await from('article-page/article-page.controller.js')) as { pageBy: (column: string) => string };
const { boardPage } = (await from('newsroom-board/board.sql.js')) as {
  boardPage: (asked: { condition: string; place: string; limit: string }) => string;
};

const { DATABASE_URL: connectionString, INSERT_PORT, SELECT_PORT } = process.env;

const writing = new pg.Pool({ connectionString, max: 8, options: '-c synchronous_commit=on' });
await writing.query(
  'create table if not exists public.bare (id uuid primary key, at timestamptz default now(), body json)',
);
const app = fastify();
app.post('/insert', async (asked, reply) => {
  const id = randomUUID();
  const text = JSON.stringify(asked.body);
  await writing.query({
    name: 'insert',
    text: 'insert into public.bare (id, body) values ($1, $2)',
    values: [id, text],
  });
  return reply.status(201).send({ id });
});
await app.listen({ port: Number(INSERT_PORT), host: '127.0.0.1' });

const limit = 50;
const page = { name: 'page', text: pageBy('article_id') };
const board = { name: 'board', text: boardPage({ condition: 'true', place: 'true', limit: '51' }) };
const reading = new pg.Pool({ connectionString, max: 8, options: '-c search_path=reading' });
/** `/page/<id>/<place of the comment before>` and `/board`. */
async function select(path: string): Promise<unknown> {
  const [, what, id, place] = path.split('/');
  if (what === 'board') return (await reading.query<object>(board)).rows[0];
  return (await reading.query<object>({ ...page, values: [id, place, limit] })).rows[0];
}
createServer((asked, answer) => {
  select(asked.url ?? '').then(
    (found) => {
      answer.statusCode = found === undefined ? 404 : 200;
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify(found ?? null));
    },
    (error: unknown) => {
      answer.statusCode = 500;
      answer.end(String(error));
    },
  );
}).listen(Number(SELECT_PORT), '127.0.0.1', () => {
  console.log('listening');
});
