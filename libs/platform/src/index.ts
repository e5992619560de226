export { Caller, Public, Roles } from './admission.ts';
export { Answer, answer, linkTo, tagged, type CommandAnswer, written } from './answer.ts';
export { EventStreams, LastEventId } from './event-streams.ts';
export {
  Day,
  LocalTime,
  Example,
  Id,
  Ids,
  ListOf,
  Moment,
  OneOf,
  Optional,
  PartOf,
  PartWhere,
  PositionToken,
  TimeOfDay,
  QueryNumber,
  SomeOf,
  Text,
  Texts,
  Unless,
  WebAddress,
  WholeNumber,
  YesNo,
  type Limits,
  type TextLimits,
} from './fields.ts';
export { NotReady, Operations, type Readiness } from './operations.ts';
export { Order, type OrderHeaders } from './order.ts';
export { ParkedController } from './parked.controller.ts';
export { Problem, type FieldError, type ProblemParts } from './problem.ts';
export { problems, problemsTable } from './problems.ts';
export {
  AskRoute,
  CommandRoute,
  CreateRoute,
  KeepRoute,
  OperationRoute,
  OwnRoute,
  QueryRoute,
  ReadRoute,
  StreamRoute,
  type JsonSchema,
} from './routes.ts';
export { runService } from './run.ts';
export { openKafka } from './kafka.ts';
export { createService, Service, type Ground, type ServiceName, type DesksOf, type ServiceOptions } from './service.ts';
export { daysOfWeek, instantIn, nextTime, type WeeklyTime } from './zone-time.ts';
export { openWriteParts, runWriteService, type WriteParts } from './write-service.ts';
