import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from './problem.ts';

type Leave = () => void;

/** Room for so many requests at a time. */
export class Room {
  private taken = 0;
  private readonly here = new WeakMap<Socket, Set<Leave>>();

  constructor(private readonly most: number) {}

  /** Takes a place until the request is answered or its connection is gone. Throws `overloaded` when there is none. */
  enter({ socket }: IncomingMessage, response: ServerResponse): void {
    if (this.taken >= this.most) throw new Problem('overloaded');
    this.taken++;
    const here = this.from(socket);
    const leave = () => {
      if (here.delete(leave)) this.taken--;
    };
    here.add(leave);
    response.once('close', leave);
  }

  /** An answer that stands behind another on its connection is told nothing when that breaks: so the connection is asked. */
  private from(socket: Socket): Set<Leave> {
    const known = this.here.get(socket);
    if (known) return known;
    const here = new Set<Leave>();
    this.here.set(socket, here);
    socket.once('close', () => {
      for (const leave of here) leave();
    });
    return here;
  }
}
