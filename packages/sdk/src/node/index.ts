export { ConfigError, isConfigError } from '../errors/config-error.ts'
export {
  defaultRcPath,
  defaultTokenPath,
  readRcSections,
  readStoredCredentials,
  type TokenStoreOptions,
  writeRcValues,
  writeServerSettings,
  writeStoredCredentials,
} from './config-files.ts'
export { type ConfiguredConnectOptions, connect, connectFromConfig } from './connect.ts'
export { fileCursor } from './file-cursor.ts'
export { nodeFiles } from './node-files.ts'
export { type ListenOptions, signInWithBrowser } from './oauth-listener.ts'
export { type Ask, askAtTerminal, type Prompt } from './prompts.ts'
export { unverifiedFetch } from './unverified-fetch.ts'
