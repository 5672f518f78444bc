/** The alerts of the last hour by their ids, then each in full. */
import { isApiError } from '@timeskein/sdk'
import { connect } from './connect.ts'

const client = connect()
try {
  for await (const { id } of client.alerts.list({ start: '1h', fields: ['id'] })) {
    const details = await client.alerts.get(id)
    console.log(`${id} ${details?.title}`)
  }
} catch (error) {
  if (!isApiError(error)) throw error
  console.error(`The ThreatStack API returned an error response: ${error.message}`)
}
