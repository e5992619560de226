import type { IHeaders, Message } from 'kafkajs';

/** A CloudEvent as it came: every attribute by its name in the specification, extensions among them, and its data. */
export interface CloudEvent {
  readonly attributes: Readonly<Record<string, string>>;
  /** Parsed when its content type is JSON, text for text, bytes for all else; undefined when there is none. */
  readonly data: unknown;
}
/** A message that nobody could read, however often it was tried. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

const prefix = 'ce_';
const required = ['id', 'source', 'type'] as const;
const isJson = (contentType: string) => /^application\/json\b|\+json\b/i.test(contentType);

function textOf(value: IHeaders[string]): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableMessage('Its data is said to be JSON and is not.');
  }
}

function decoded(value: Buffer, contentType: string): unknown {
  if (isJson(contentType)) return parseJson(value.toString('utf8'));
  return contentType.startsWith('text/') ? value.toString('utf8') : value;
}

function checked(event: CloudEvent): CloudEvent {
  const { attributes } = event;
  if (attributes.specversion !== '1.0')
    throw new UnreadableMessage(`It is no CloudEvent 1.0 (specversion ${attributes.specversion ?? 'missing'}).`);
  for (const name of required) if (!attributes[name]) throw new UnreadableMessage(`It has no ${name}.`);
  return event;
}

/** Attributes by their headers, as far as they have been met: to cut a name out of each header of each message takes longer than all else. */
const met = new Map<string, string>();
const mostMet = 200;

function attributeOf(header: string): string {
  const known = met.get(header);
  if (known !== undefined) return known;
  const name = header.startsWith(prefix) ? header.slice(prefix.length) : '';
  if (met.size < mostMet) met.set(header, name);
  return name;
}

function binary(headers: IHeaders, value: Buffer | null, contentType: string | undefined): CloudEvent {
  const attributes: Record<string, string> = {};
  for (const header in headers) {
    const name = attributeOf(header);
    const text = name === '' ? undefined : textOf(headers[header]);
    if (text !== undefined) attributes[name] = text;
  }
  if (contentType !== undefined) attributes.datacontenttype = contentType;
  return checked({ attributes, data: value === null ? undefined : decoded(value, contentType ?? '') });
}

/** Members of the JSON format that are no attributes. */
const payloads = new Set(['data', 'data_base64']);

function structured(value: Buffer | null, contentType: string): CloudEvent {
  if (!/^application\/cloudevents\+json\b/i.test(contentType))
    throw new UnreadableMessage(`Events as ${contentType} are not understood, only application/cloudevents+json.`);
  const body = parseJson((value ?? Buffer.alloc(0)).toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new UnreadableMessage('A structured event is one JSON object.');
  const members = Object.entries(body as Record<string, unknown>);
  const attributes = Object.fromEntries(
    members
      .filter(([name, found]) => !payloads.has(name) && found !== null)
      .map(([name, found]) => [name, String(found)]),
  );
  const { data, data_base64: bytes } = body as { data?: unknown; data_base64?: unknown };
  // The JSON format takes JSON for granted where no content type is named.
  const type = attributes.datacontenttype ?? 'application/json';
  return checked({
    attributes,
    data: typeof bytes === 'string' ? decoded(Buffer.from(bytes, 'base64'), type) : data,
  });
}

/**
 * Reads a Kafka message as a CloudEvent 1.0.2, in binary or structured (JSON) content mode. A null value without any CloudEvents
 * header is a plain tombstone: undefined. Throws UnreadableMessage for all that is not an event.
 */
export function readCloudEvent(message: Pick<Message, 'headers'> & { value: Buffer | null }): CloudEvent | undefined {
  const headers = message.headers ?? {};
  const contentType = textOf(headers['content-type']);
  if (contentType && /^application\/cloudevents/i.test(contentType)) return structured(message.value, contentType);
  if (message.value === null && headers[`${prefix}specversion`] === undefined) return undefined;
  return binary(headers, message.value, contentType);
}

/** The headers of a JSON event in binary content mode. Attributes that are undefined are left out. */
export function binaryHeaders(attributes: Readonly<Record<string, string | undefined>>): IHeaders {
  const headers: IHeaders = { [`${prefix}specversion`]: '1.0', 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) headers[prefix + name] = value;
  return headers;
}
