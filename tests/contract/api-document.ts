import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Schema = Readonly<Record<string, unknown>> & { readonly $ref?: string; readonly examples?: readonly unknown[] };
interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
}
interface Answer {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Content>>;
}
export interface Operation {
  readonly method: 'get' | 'post';
  /** As in the document: `/articles/{id}`. */
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema?: Schema & { readonly type?: string };
  }[];
  readonly responses: Readonly<Record<string, Answer>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly security?: readonly object[];
}
interface Json {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
}
/** An answer as it came. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A JSON pointer as the fragment of a URI. */
const pointer = (...parts: string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** An OpenAPI document, to be held against what its service really takes and answers. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  private readonly ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

  constructor(private readonly json: Json) {
    this.ajv.addSchema(json, 'api');
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ ...operation, method: method as 'get' | 'post', path })),
    );
  }

  static async of(url: string): Promise<ApiDocument> {
    return new ApiDocument((await (await fetch(`${url}/openapi.json`)).json()) as Json);
  }

  /** The operation that an address belongs to. */
  operation(method: 'get' | 'post', address: string): Operation {
    const path = address.replace(/\?.*/, '');
    const fits = (template: string) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
    const found = this.operations.find((one) => one.method === method && fits(one.path));
    if (!found) throw new Error(`${method} ${address} is not documented.`);
    return found;
  }

  /** The example of what this takes; undefined when there is none. */
  bodyExample({ requestBody }: Operation): unknown {
    const content = requestBody?.content['application/json'];
    return content && exampleIn(content, this.schemaOf(content));
  }

  /** Examples that are missing, or are not as their own schemas say. */
  exampleFaults(operation: Operation): string[] {
    const { method, path, requestBody } = operation;
    const good = Object.keys(operation.responses).find((status) => status.startsWith('2')) ?? 'default';
    const bodies = requestBody ? [['requestBody', 'content', 'application/json']] : [];
    const answers = Object.keys(operation.responses[good]?.content ?? {}).map((type) => [
      ...['responses', good, 'content', type],
    ]);
    return [...bodies, ...answers].flatMap((at) => {
      const place = ['paths', path, method, ...at];
      const content = this.at(place) as Content;
      const example = exampleIn(content, this.schemaOf(content));
      if (example === undefined) return [`${method} ${path} ${at.join(' ')}: no example`];
      return this.faults(place, example).map((fault) => `${method} ${path} ${at.join(' ')}: example${fault}`);
    });
  }

  /** What an answer says otherwise than the document. */
  answerFaults(operation: Operation, { status, headers, body }: Answered): string[] {
    const { method, path } = operation;
    const said = `${method} ${path} ${status}`;
    const documented = operation.responses[status];
    if (!documented) return [`${said}: not documented`];
    const place =
      documented.$ref === undefined ? ['paths', path, method, 'responses', String(status)] : partsOf(documented.$ref);
    const answer = this.at(place) as Answer;
    const type = (headers.get('content-type') ?? '').replace(/;.*/, '');
    if (!answer.content?.[type]) return [`${said}: ${type} is not documented`];
    const missing = Object.keys(answer.headers ?? {}).filter(
      (name) => name !== 'Idempotency-Replayed' && !headers.has(name),
    );
    return [
      ...missing.map((name) => `${said}: no ${name}`),
      ...this.faults([...place, 'content', type], body).map((fault) => `${said}: ${fault}`),
    ];
  }

  private at(parts: readonly string[]): unknown {
    return parts.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], this.json);
  }

  private schemaOf({ schema }: Content): Schema {
    return schema.$ref === undefined ? schema : (this.at(partsOf(schema.$ref)) as Schema);
  }

  private faults(content: readonly string[], value: unknown): string[] {
    const check = this.ajv.getSchema(`api#${pointer(...content, 'schema')}`);
    if (!check) throw new Error(`There is no schema at ${content.join(' ')}.`);
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }
}

const partsOf = (ref: string) => ref.replace('#/', '').split('/');
const exampleIn = ({ example }: Content, { examples }: Schema): unknown => example ?? examples?.[0];
