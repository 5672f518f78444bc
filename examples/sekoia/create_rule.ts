/**
 * Adds a rule to the catalogue.
 *
 *   node examples/sekoia/create_rule.ts
 */
import { isApiError } from '@timeskein/sdk'
import { connect } from './connect.ts'

try {
  const rule = await connect().rules.create({
    name: 'Powershell by command line',
    type: 'sigma',
    description: 'Processes whose command line names PowerShell',
    payload: [
      'detection:',
      '  selection:',
      "    process.command_line|contains: 'powershell'",
      '  condition: selection',
    ].join('\n'),
    severity: 40,
    effort: 3,
    alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
    enabled: true,
  })
  console.log(`Rule=${rule.uuid}, name=${rule.name}`)
} catch (error) {
  if (!isApiError(error)) throw error
  console.error(`${error.code}: ${error.message}${error.advice ? ` ${error.advice}` : ''}`)
  process.exitCode = 1
}
