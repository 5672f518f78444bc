import type { Context, Hono } from 'hono'
import type { Logger } from 'pino'
import type { Session } from '../auth/auth-service.ts'
import type { Principal } from '../auth/principal.ts'
import type { DomainError } from '../errors/domain-error.ts'
import type { Services } from '../services/services.ts'
import type { Sketch } from '../services/sketches/sketch-service.ts'
import type { System } from '../system.ts'
import type { Identity } from './identify.ts'

/** What the app's own middleware puts into Hono's context. */
export interface AppEnv {
  Variables: {
    requestId: string
    log: Logger
    address: string
    /** The client speaks HTTPS, to us or to a trusted proxy. */
    isSecure: boolean
    session: Session | undefined
    principal: Principal | undefined
    /** Credentials were sent and are not good; thrown by the first route that checks. */
    identityError: DomainError | undefined
    /** The declared path that answers, for metrics. */
    route: string | undefined
    /** The session cookie to put on the answer. */
    setCookie: string | undefined
  }
}

/** Hono with what our middleware adds. */
export type App = Hono<AppEnv>
/** The context of one request. */
export type AppContext = Context<AppEnv>

/** What every handler gets beside Hono's context. */
export interface PublicCall {
  readonly system: System
  readonly services: Services
  readonly log: Logger
  readonly requestId: string
  readonly address: string
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  readonly principal: Principal | undefined
  readonly session: Session | undefined
}
/** A call of somebody known. */
export interface UserCall extends PublicCall {
  readonly principal: Principal
}
/** A call about a sketch (path parameter `:sketchId`) on which the caller has the declared permission. */
export interface SketchCall extends UserCall {
  readonly sketch: Sketch
}

/** Who may call a route. */
export type RoutePermission = 'public' | 'user' | 'admin' | 'sketch:read' | 'sketch:write' | 'sketch:delete'
/** Methods a route may have. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'TRACE'

/** One declared route. */
export interface RouteDeclaration {
  readonly dialect: string
  readonly method: Method
  /** Full path in Hono's syntax. */
  readonly path: string
  readonly permission: RoutePermission
  /** Scope an API key needs: by default `read` for GET and `sketch:read`, `admin` for `admin`, else `write`. */
  readonly keyScope: 'read' | 'write' | 'admin'
  /** Session requests must carry the CSRF token; by default for everything but GET. */
  readonly csrf: boolean
}

/** What differs from what a route’s method and permission imply. */
export interface RouteOptions {
  readonly keyScope?: 'read' | 'write' | 'admin'
  readonly csrf?: boolean
  /** Largest body in bytes; larger ones get `too-large` (`body-too-large`). @default 16 MiB; multipart uploads have limits of their own */
  readonly maxBodyBytes?: number
  /** Full paths that are this route too. */
  readonly alsoAt?: readonly string[]
}

type Handler<Call> = (c: AppContext, call: Call) => Response | Promise<Response>

/**
 * Declares the routes of one dialect. Order of checks: CSRF, then who it is, then permission; each refusal is thrown as a
 * `DomainError` and answered by the dialect's `onError`.
 */
export interface DialectRouter {
  public(method: Method, path: string, handler: Handler<PublicCall>, options?: RouteOptions): void
  user(method: Method, path: string, handler: Handler<UserCall>, options?: RouteOptions): void
  admin(method: Method, path: string, handler: Handler<UserCall>, options?: RouteOptions): void
  /** The path has a parameter `:sketchId`. */
  sketch(
    method: Method,
    path: string,
    permission: 'read' | 'write' | 'delete',
    handler: Handler<SketchCall>,
    options?: RouteOptions,
  ): void
}

/** What a dialect says about itself. */
export interface DialectOptions {
  readonly name: string
  /**
   * Answers what a handler or a check threw. CSRF refusals are `invalid` with the code `csrf-missing`, `csrf-no-session` or
   * `csrf-mismatch`; nobody logged in is `unauthenticated` (`not-logged-in`).
   */
  readonly onError: (error: unknown, c: AppContext) => Response | Promise<Response>
  /**
   * Finds out who calls by credentials that only this dialect knows; asked when `Authorization` names no API key of ours, and
   * believed before a session. Undefined: none were sent.
   */
  readonly identify?: (c: AppContext, services: Services) => Promise<Identity | undefined>
}

/** What a dialect is mounted with: `mountTimesketch(app, deps)`. */
export interface DialectDeps {
  readonly system: System
  readonly services: Services
  /** Opens the dialect's router; everything declared on it is in the app's route table. */
  defineDialect(options: DialectOptions): DialectRouter
  /** Sets, or clears (`undefined`), the session cookie on the answer. */
  setSessionCookie(c: AppContext, cookieValue: string | undefined): void
}
