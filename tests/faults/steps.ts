import type { Service } from '../../infra/postgres/migrate.ts';

/** A step of the way of a command at which a process may die. */
export interface Step {
  /** Whose. Each step is tried in one service; the libraries are the same. */
  readonly service: Service;
  readonly when: 'before' | 'after';
  /** What is said to a server or answered to a client then: the text of a query, or as `crashing.ts` puts it. */
  readonly what: RegExp;
  /** What has to be brought about first; all else happens by itself while people work. */
  readonly needs?: 'a rebuild' | 'a parked key';
}

const append = /^select \* from append\(/;
const parkedNoMore = /^with leaving as \(delete from parked/;
const serves = /^update projection_version set serving = true/;
const moved = /update projection_checkpoint\s+set log_id/;
/** One alone, and not of the first generation: it is read for apart. */
const movedApart = /update projection_checkpoint\s+set log_id[^;]* in \(\('\w+', (?!1\))\d+\)\)/;

export const steps: Readonly<Record<string, Step>> = {
  'before an append': { service: 'drafting', when: 'before', what: append },
  'after an append, before its answer is read': { service: 'publication', when: 'after', what: append },
  'before a client is answered': { service: 'moderation', when: 'before', what: /^answer 20\d POST/ },
  'before a send': { service: 'drafting', when: 'before', what: /^send/ },
  'after a send, before the cursor': { service: 'moderation', when: 'after', what: /^send/ },
  'after the cursor': { service: 'publication', when: 'after', what: /^update relay_cursor/ },
  'before the checkpoint of a reaction': { service: 'moderation', when: 'before', what: /^update reaction_checkpoint/ },
  'after the checkpoint of a reaction': { service: 'drafting', when: 'after', what: /^update reaction_checkpoint/ },
  'a timer is due and not fired': { service: 'publication', when: 'after', what: /from timer\s+where[^]* → [1-9]/ },
  'in a transaction of the newest items': { service: 'publication', when: 'before', what: /^commit to Kafka/ },
  'before a batch commits': { service: 'reading', when: 'before', what: moved },
  'after a batch has committed': { service: 'reading', when: 'after', what: moved },
  'while a parked key is tried again': {
    ...{ service: 'reading', when: 'after', what: parkedNoMore, needs: 'a parked key' },
  },
  'after a parked event was reacted to, while it is parked still': {
    ...{ service: 'moderation', when: 'before', what: parkedNoMore, needs: 'a parked key' },
  },
  'while a read model is built anew': { service: 'reading', when: 'before', what: movedApart, needs: 'a rebuild' },
  'before a new generation serves': { service: 'reading', when: 'before', what: serves, needs: 'a rebuild' },
  'while a new generation takes over': { service: 'reading', when: 'after', what: serves, needs: 'a rebuild' },
};
