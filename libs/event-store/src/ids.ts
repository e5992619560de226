import { hash, randomUUID } from 'node:crypto';

/** Each part behind its length in bytes (4, big endian), so that no two lists of parts read the same. */
export function framed(parts: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of parts) {
    const length = bytes.write(part, at + 4);
    at = bytes.writeUInt32BE(length, at) + length;
  }
  return bytes;
}

/** The id of a command, always the same for the same parts: a UUID (version 8) of their SHA-256. */
export function commandId(...parts: string[]): string {
  const hex = hash('sha256', framed(parts), 'hex');
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) & 3);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** The id of something that a command creates, so that a repeat creates the same thing. */
export function derivedId(command: string, label: string): string {
  return commandId('derived', command, label);
}

/** A UUID version 7 (RFC 9562): ordered by the millisecond it was made in. */
export function eventId(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
