// What the services are held against: a Fastify route with one INSERT, and a node:http route with one SELECT; nothing else.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import fastify from 'fastify';
import pg from 'pg';

// The very SQL of the page, from what the service runs on.
const page = new URL('../../dist/apps/reading/src/article-page/article-page.controller.js', import.meta.url);
const { pageBy } = (await import(page.href)) as { pageBy: (column: string) => string };

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

const reading = new pg.Pool({ connectionString, max: 8, options: '-c search_path=reading' });
createServer((asked, answer) => {
  const id = asked.url?.split('/').at(-1) ?? '';
  reading.query({ name: 'page', text: pageBy('article_id'), values: [id, '0', 51] }).then(
    ({ rows }) => {
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify(rows[0]));
    },
    (error: unknown) => {
      answer.statusCode = 500;
      answer.end(String(error));
    },
  );
}).listen(Number(SELECT_PORT), '127.0.0.1', () => {
  console.log('listening');
});
