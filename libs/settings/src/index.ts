export { settingsHelp, settingsTable } from './describe.ts';
export { kafkaConnection, type KafkaConnection } from './kafka.ts';
export { readSettings, SettingsError, type Environment, type SettingName, type Settings } from './read.ts';
export { settings, type Reader, type Setting } from './table.ts';
