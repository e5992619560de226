import { createHash, randomBytes } from 'node:crypto';

function uuidFrom(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Each part behind its length in bytes (4, big endian), so that no two lists of parts read the same. */
export function framed(parts: readonly string[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const text = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return [length, text];
    }),
  );
}

/** The id of a command, always the same for the same parts: a UUID (version 8) of their SHA-256. */
export function commandId(...parts: string[]): string {
  return uuidFrom(createHash('sha256').update(framed(parts)).digest(), 8);
}

/** The id of something that a command creates, so that a repeat creates the same thing. */
export function derivedId(command: string, label: string): string {
  return commandId('derived', command, label);
}

/** A UUID version 7 (RFC 9562): ordered by the millisecond it was made in. */
export function eventId(now = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return uuidFrom(bytes, 7);
}
