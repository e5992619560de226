export { house, Keyring, type KeyringOptions } from './keyring.ts';
export { MasterKey } from './master.ts';
