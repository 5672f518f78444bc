export type { ApiKey, AuthService, Session } from './auth/auth-service.ts'
export { ALL_SCOPES, type KeyScope, type Principal } from './auth/principal.ts'
export {
  conflict,
  DomainError,
  type DomainErrorKind,
  forbidden,
  invalid,
  isDomainError,
  notFound,
} from './errors/domain-error.ts'
export type { Services } from './services/services.ts'
export type { RecoveryNote, System } from './system.ts'
