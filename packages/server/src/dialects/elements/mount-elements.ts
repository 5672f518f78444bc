import { elementsErrorSchema } from '@timeskein/model/elements'
import type { App, DialectDeps } from '../../http/app-types.ts'
import { mountPlatform, type Platform } from '../platform/mount-platform.ts'
import { answerRefusal } from './answer-refusal.ts'
import { ELEMENTS_ROUTES } from './routes.ts'
import { identifyByToken } from './tokens/identify.ts'
import { TOKEN_PATH } from './tokens/token-path.ts'
import { transactionIdOf } from './transaction-id.ts'

/** The API of WithSecure Elements. */
export const ELEMENTS: Platform = {
  name: 'elements',
  title: 'Timeskein as WithSecure Elements',
  makeRoutes: () => ELEMENTS_ROUTES,
  identify: identifyByToken,
  onError: answerRefusal,
  refusal: { type: 'application/json', schema: elementsErrorSchema },
  securitySchemes: {
    token: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: `/elements${TOKEN_PATH}`,
          scopes: { 'connect.api.read': 'Reading', 'connect.api.write': 'Changing' },
        },
      },
    },
  },
  finish: (c, answer) => {
    answer.headers.set('X-Transaction', transactionIdOf(c))
    return answer
  },
}

/** Puts the API of WithSecure Elements under `/elements`. */
export function mountElements(_app: App, deps: DialectDeps): void {
  mountPlatform(deps, ELEMENTS)
}
