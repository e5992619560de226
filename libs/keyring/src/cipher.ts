import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const sizes = { key: 32, iv: 12, tag: 16 };

export const newKey = (): Buffer => randomBytes(sizes.key);

/** AES-256-GCM: initialisation vector (12 bytes, random), ciphertext, tag (16). `bound` must be the same again to decrypt. */
export function encrypt(key: Buffer, plain: Buffer, bound: string): Buffer {
  const iv = randomBytes(sizes.iv);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(bound));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when it was made with another key, bound to something else, or changed. */
export function decrypt(key: Buffer, sealed: Buffer, bound: string): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, sizes.iv), { authTagLength: sizes.tag });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(-sizes.tag));
  return Buffer.concat([decipher.update(sealed.subarray(sizes.iv, -sizes.tag)), decipher.final()]);
}

/** HMAC-SHA-256 of a list of parts, as JSON. */
export const keyedHash = (key: Buffer, parts: readonly string[]): Buffer =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest();

/** A UUID (version 8) of the first bytes of a hash. */
export function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
