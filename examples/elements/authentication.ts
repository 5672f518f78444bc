/**
 * Tries credentials, and says why they are refused.
 *
 *   WS_CLIENT_ID=fusion_… WS_SECRET=… node examples/elements/authentication.ts
 */
import { isApiError } from '@timeskein/sdk'
import { connect } from './connect.ts'

try {
  const { clientId, organizationId } = await connect().whoAmI()
  console.log(`Client=${clientId}, organization=${organizationId}`)
} catch (error) {
  if (!isApiError(error)) throw error
  console.log(error.message)
  console.log(`Transaction-id=${error.requestId}`)
  process.exitCode = 1
}
