import { refuseText } from '../transport/read-answer.ts'
import type { RequestSpec, Transport } from '../transport/transport.ts'

/** What a token allows: reading, or changing too. */
export type Scope = 'read' | 'write'

/** Credentials made in Elements Security Center. */
export interface Credentials {
  /** `fusion_` and 24 hex digits. */
  readonly clientId: string
  readonly clientSecret: string
}

const TOKEN_PATH = '/as/token.oauth2'
const SCOPES: Readonly<Record<Scope, string>> = {
  read: 'connect.api.read',
  write: 'connect.api.read connect.api.write',
}
/** A token is not used in the last part of its life: the clocks of two machines differ, and a request takes time. */
const SPARE_MS = 30_000

/** A token in an answer that is otherwise not as it should be. */
const ANY_TOKEN = /("\w*token"\s*:\s*)"[^"]*"?/g

interface Token {
  readonly value: string
  readonly untilMs: number
}

/**
 * Tokens of OAuth 2.0 client credentials (RFC 6749, section 4.4): asked for when first needed, kept until shortly before their end.
 * A token that allows changes is asked for only when something is to be changed, so that credentials for reading do.
 */
export class TokenSource {
  readonly #transport: Transport
  readonly #authorization: string
  readonly #userAgent: string
  readonly #tokens = new Map<Scope, Token>()
  readonly #asked = new Map<Scope, Promise<Token>>()

  constructor(transport: Transport, { clientId, clientSecret }: Credentials, userAgent: string) {
    this.#transport = transport
    this.#authorization = `Basic ${toBase64(`${clientId}:${clientSecret}`)}`
    this.#userAgent = userAgent
  }

  /**
   * A token that is valid. Calls at the same time wait for one.
   *
   * @throws {ApiError} `sign-in-needed` for wrong credentials, `bad-request` for a scope that they do not allow.
   */
  async get(scope: Scope): Promise<string> {
    for (const held of scope === 'read' ? (['write', 'read'] as const) : (['write'] as const)) {
      const token = this.#tokens.get(held)
      if (token && Date.now() < token.untilMs - SPARE_MS) return token.value
    }
    const asked =
      this.#asked.get(scope) ??
      this.#ask(scope).finally(() => {
        this.#asked.delete(scope)
      })
    this.#asked.set(scope, asked)
    const token = await asked
    this.#tokens.set(scope, token)
    return token.value
  }

  /** Takes a token out of use that was refused. */
  drop(value: string): void {
    for (const [scope, token] of this.#tokens) if (token.value === value) this.#tokens.delete(scope)
  }

  async #ask(scope: Scope): Promise<Token> {
    const request: RequestSpec = {
      method: 'POST',
      path: TOKEN_PATH,
      headers: {
        authorization: this.#authorization,
        accept: 'application/json',
        'user-agent': this.#userAgent,
      },
      form: { grant_type: 'client_credentials', scope: SCOPES[scope] },
      isQuestion: true,
    }
    const text = await (await this.#transport.send(request)).text()
    const answer = readAnswer(text)
    if (answer === undefined) throw refuseText(request, 'a token', text.replace(ANY_TOKEN, '$1"…"'))
    return { value: answer.access_token, untilMs: Date.now() + answer.expires_in * 1000 }
  }
}

function readAnswer(
  text: string,
): { readonly access_token: string; readonly expires_in: number } | undefined {
  try {
    const { access_token, expires_in } = JSON.parse(text) as Record<string, unknown>
    if (typeof access_token === 'string' && typeof expires_in === 'number')
      return { access_token, expires_in }
  } catch {
    // What is no JSON is no token either.
  }
  return undefined
}

/** Base 64 of the UTF-8 of a text. */
function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
