export { ApiError, isApiError } from './errors/api-error.ts'
export { ConnectionError, isConnectionError } from './errors/connection-error.ts'
export { type CallOptions, type ImportParameters, SkeinClient } from './skein/skein-client.ts'
export type { TransportOptions } from './transport/transport.ts'
