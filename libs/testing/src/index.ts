export { createTestDatabase, type TestDatabase } from './database.ts';
export { given } from './given.ts';
export { type Asked, rightsIn } from './rights.ts';
export { idOf, inOrder, message } from './message.ts';
export { projecting, type Projecting } from './projecting.ts';
export { createTestTopics, type TestTopics } from './topics.ts';
