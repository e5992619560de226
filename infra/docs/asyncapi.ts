import { readFileSync } from 'node:fs';
import { type Contract, contractsByTopic } from '#contracts';

interface Topic {
  readonly name: string;
  readonly purpose: string;
  readonly config: Readonly<Record<string, string>>;
}
type Json = Readonly<Record<string, unknown>>;

const topics = JSON.parse(readFileSync(new URL('../kafka/topics.json', import.meta.url), 'utf8')) as Topic[];
const text = (description: string, rest: Json = {}) => ({ type: 'string', description, ...rest });

/** Headers of CloudEvents' binary mode: what each message is, and where it stands in its log. */
const common: Json = {
  'content-type': text('application/json', { const: 'application/json' }),
  ce_specversion: text('CloudEvents version', { const: '1.0' }),
  ce_id: text('Unique for the source: the same id is the same message, sent again.'),
  ce_source: text('The service that said it: /stet/<service>.', { pattern: '^/stet/[a-z]+$' }),
  ce_type: text('stet.<EventType>.v<version>', { pattern: String.raw`^stet\.[A-Za-z]+\.v\d+$` }),
  ce_subject: text('The stream: <category>-<id>.'),
  ce_time: text('When it was recorded, by the clock of the database: UTC, microseconds.', { format: 'date-time' }),
  ce_partitionkey: text('Id of the article, or of what else it is about; also the key of the record.'),
  ce_sequence: text('Version of its stream, zero-padded to sort as text.', { pattern: String.raw`^\d{10}$` }),
  ce_position: text('Its position in its shard of the log, from 1.', { pattern: String.raw`^\d+$` }),
  ce_previousposition: text(
    'The position of the message before it on this topic in this partition, 0 for the first. A reader that has seen another one last has missed something.',
    { pattern: String.raw`^\d+$` },
  ),
  ce_logid: text('Id of the log. Another one is another history: start over.', { format: 'uuid' }),
  ce_correlationid: text('What belongs together, from the first request on.'),
  ce_causationid: text('Id of the message that caused it, for what a reaction did.'),
  ce_traceparent: text('W3C Trace Context.'),
};
const optional = new Set(['ce_causationid', 'ce_traceparent']);
const compacted: Json = {
  ce_feedposition: text('The position in the feed that this item is current to.', { pattern: String.raw`^\d+$` }),
  ce_feedoffset: text('The offset in the same partition of the feed: go on from the highest of them, plus one.', {
    pattern: String.raw`^\d+$`,
  }),
};
const headersOf = (properties: Json) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.has(name)),
});

const anchor = {
  name: 'Head',
  title: "Where one shard of a service's log stood",
  contentType: 'application/json',
  payload: {
    type: 'object',
    required: ['service', 'logId', 'shard', 'position', 'hash', 'at'],
    properties: {
      service: text('The service whose log it is.'),
      logId: text('Id under which the chain was begun; it stays when the log is imported into another system.', {
        format: 'uuid',
      }),
      shard: { type: 'integer', minimum: 0 },
      position: text('The last position at that time.', { pattern: String.raw`^\d+$` }),
      hash: text('Its hash, in hexadecimal.', { pattern: '^[0-9a-f]{64}$' }),
      at: text('When it was noted.', { format: 'date-time' }),
    },
  },
};

function messageOf(contract: Contract, examples: ReadonlyMap<string, unknown>): Json {
  const payload = examples.get(contract.type);
  return {
    name: `stet.${contract.type}.v${contract.version}`,
    title: contract.title,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/Headers' },
    payload: contract.schema,
    bindings: { kafka: { key: { type: 'string', format: 'uuid' }, bindingVersion: '0.5.0' } },
    ...(payload === undefined ? {} : { examples: [{ name: contract.type, payload }] }),
  };
}

const ofTopic = (name: string): readonly Contract[] => contractsByTopic[name === 'articles' ? 'feed' : name] ?? [];
const inChannel = (name: string, { type }: Contract) => (name === 'articles' ? `Newest${type}` : type);

function channelOf({ name, purpose, config }: Topic): [string, Json] {
  const messages =
    name === 'anchors'
      ? { Head: { $ref: '#/components/messages/Head' } }
      : Object.fromEntries(
          ofTopic(name).map((contract) => {
            const message = inChannel(name, contract);
            return [message, { $ref: `#/components/messages/${message}` }];
          }),
        );
  const binding = {
    kafka: { topic: `stet.${name}`, topicConfiguration: configuration(config), bindingVersion: '0.5.0' },
  };
  return [name, { address: `stet.${name}`, description: purpose, messages, bindings: binding }];
}

/** The members of Kafka's binding that the declaration speaks of. */
const configuration = (config: Topic['config']): Json => ({
  'cleanup.policy': [config['cleanup.policy']],
  ...(config['retention.ms'] === undefined ? {} : { 'retention.ms': Number(config['retention.ms']) }),
  'max.message.bytes': Number(config['max.message.bytes']),
});

/** The AsyncAPI 3 document of all topics, from the contracts and the declared topics. `examples` gives data by event type. */
export function asyncApi(examples: ReadonlyMap<string, unknown>): Json {
  const messages = Object.fromEntries(
    topics.flatMap(({ name }) =>
      ofTopic(name).map((contract): [string, Json] => [
        inChannel(name, contract),
        {
          ...messageOf(contract, examples),
          ...(name === 'articles' ? { headers: { $ref: '#/components/schemas/NewestHeaders' } } : {}),
        },
      ]),
    ),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Stet topics',
      version: '1.0.0',
      description:
        'What the services of Stet say on Kafka, as CloudEvents 1.0.2 in binary content mode. Outsiders read `feed` and `articles` only. ' +
        'The first part of each address is the setting STET_TOPIC_PREFIX. A topic may repeat messages: drop whatever has a position at or below the last one seen in its partition. Where Kafka has lost messages they are sent again, behind later ones: pass over what does not follow the last one (previousposition) until what does comes.',
    },
    defaultContentType: 'application/json',
    servers: { local: { host: 'localhost:4092', protocol: 'kafka', description: 'The broker that npm start runs.' } },
    channels: Object.fromEntries(topics.map(channelOf)),
    operations: Object.fromEntries(
      topics.map(({ name, purpose }) => [
        `follow-${name}`,
        { action: 'receive', channel: { $ref: `#/channels/${name}` }, summary: purpose },
      ]),
    ),
    components: {
      messages: { ...messages, Head: anchor },
      schemas: { Headers: headersOf(common), NewestHeaders: headersOf({ ...common, ...compacted }) },
    },
  };
}
