import { Body, Controller, Get, Inject, Module, Param, Query } from '@nestjs/common';
import type { Environment } from '#settings';
import { Rejection, type Actor } from '#decider';
import {
  answer,
  Caller,
  CommandRoute,
  createService,
  CreateRoute,
  Id,
  Ids,
  ListOf,
  OneOf,
  Optional,
  Order,
  type OrderHeaders,
  PartOf,
  PositionToken,
  Public,
  QueryNumber,
  ReadRoute,
  Roles,
  type Service,
  tagged,
  Text,
  Texts,
  WholeNumber,
} from './index.ts';

class NoteMark {
  @Text({ max: 10 }) name!: string;
}
class WriteNote {
  @Text({ max: 20 }) title!: string;
  @Optional() @Text({ max: 200, multiline: true, min: 0 }) text?: string;
  @Optional() @OneOf(['low', 'high']) weight?: string;
  @Optional() @WholeNumber({ min: 1, max: 9 }) urgency?: number;
  @Optional() @ListOf(() => NoteMark, { min: 0, max: 3 }) marks?: NoteMark[];
  @Optional() @PartOf(() => NoteMark) first?: NoteMark;
  @Optional() @Texts({ min: 0, max: 3 }, { max: 5 }) words?: string[];
  @Optional() @Ids({ min: 0, max: 3 }) seen?: string[];
}
class CloseNote {
  @Id() by!: string;
}
class FindNotes {
  @Optional() @PositionToken() after?: string;
  @Optional() @QueryNumber({ min: 1, max: 100 }) limit?: number;
}
class Nothing {}

/** What the handlers of the sample were given, for tests to look at. */
export class Seen {
  readonly orders: OrderHeaders[] = [];
  readonly bodies: object[] = [];
  readonly callers: Actor[] = [];
  readonly log: string[] = [];
  /** Thrown by the route that throws. */
  fault: unknown;
  /** What the slow route does first. */
  slow: () => Promise<void> = () => Promise.resolve();
}

const id = '0190f3f0-0000-8000-8000-000000000001';
const executed = { id, version: 3, position: 'token', state: 'open' };

@Controller('notes')
class NotesController {
  constructor(@Inject(Seen) private readonly seen: Seen) {}

  @CreateRoute()
  write(@Order() order: OrderHeaders, @Body() body: WriteNote) {
    const replayed = this.seen.orders.some(({ commandId }) => commandId === order.commandId);
    this.seen.orders.push(order);
    this.seen.bodies.push(body);
    return answer({ ...executed, replayed }, 'below');
  }

  @CommandRoute('close')
  close(@Order() order: OrderHeaders, @Param('id') _id: string, @Body() body: CloseNote) {
    this.seen.orders.push(order);
    this.seen.bodies.push(body);
    if (order.expected !== undefined && order.expected !== 3) {
      throw new Rejection('version-conflict', 'It moved on.', { expected: order.expected, actual: 3 });
    }
    return answer({ ...executed, replayed: false });
  }

  @CommandRoute('touch')
  touch(@Order() order: OrderHeaders) {
    this.seen.orders.push(order);
    return answer({ ...executed, replayed: false });
  }

  @CommandRoute('empty')
  empty(@Order() order: OrderHeaders, @Body() _body: Nothing) {
    this.seen.orders.push(order);
    return answer({ ...executed, replayed: false });
  }

  @CommandRoute('throw')
  throw() {
    throw this.seen.fault;
  }

  @Roles('chief', 'operator')
  @CommandRoute('burn')
  burn(@Order() _order: OrderHeaders) {
    return answer({ ...executed, replayed: false });
  }

  @ReadRoute('', { type: 'array', items: { type: 'string' } })
  find(@Caller() caller: Actor, @Query() query: FindNotes) {
    this.seen.callers.push(caller);
    return [JSON.stringify(query)];
  }

  @ReadRoute(':id', { type: 'object' })
  read(@Param('id') of: string) {
    return tagged({ id: of }, 3);
  }

  @ReadRoute('by-name/:name', { type: 'object' })
  named(@Param('name') name: string) {
    return { length: name.length };
  }

  @ReadRoute('slow/one', { type: 'object' })
  async slow() {
    await this.seen.slow();
    return { done: true };
  }
}

@Controller('open')
class OpenController {
  @Public()
  @Get()
  open() {
    return { open: true };
  }
}

@Module({ controllers: [NotesController, OpenController] })
class SampleModule {}

/** A service with a little of everything, for tests of the platform. */
export const sampleService = (seen: Seen, env: Environment): Promise<Service> =>
  createService({
    name: 'drafting',
    title: 'Sample',
    description: 'A service for tests.',
    module: SampleModule,
    env: { LOG_LEVEL: 'silent', RATE_LIMIT: '0', ...env },
    port: 0,
    logTo: { write: (line) => seen.log.push(line) },
    open: () => Promise.resolve([{ provide: Seen, useValue: seen }]),
  });

export const noteId = id;
