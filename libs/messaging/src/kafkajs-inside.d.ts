/** What waits to be sent on a connection; kafkajs has no types for what is inside of it. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
  }
}

/** Reads what brokers send, value by value. */
declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    readonly buffer: Buffer;
    offset: number;
    constructor(bytes: Buffer);
    slice(size: number): Decoder;
    readVarInt(): number;
    readVarIntBytes(): Buffer | null;
    readVarIntArray(): { reduce(): object };
  }
}

/** A message as it is sent, behind its length. */
declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  import type { IHeaders } from 'kafkajs';
  export default function encode(message: { headers: IHeaders; value: string }): { readonly buffer: Buffer };
}
declare module 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js' {
  import type { IHeaders } from 'kafkajs';
  import type Decoder from 'kafkajs/src/protocol/decoder.js';
  export default function decode(message: Decoder, batch: object): { readonly headers: IHeaders };
}
