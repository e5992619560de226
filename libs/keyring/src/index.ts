export { house, Keyring, type KeyringOptions } from './keyring.ts';
export { MasterKey } from './master.ts';
export { type Alert, SourceKey, Vault } from './vault.ts';
