export { house, Keyring, type KeyringOptions } from './keyring.ts';
export { MasterKey } from './master.ts';
export { SourceKey, Vault } from './vault.ts';
