/** What a rule that can be run is made of. For tests. */
export const RULE = {
  name: 'Powershell by command line',
  type: 'sigma' as const,
  description: 'Detect spawn of Powershell',
  payload:
    "detection:\n  selection:\n    process.command_line|contains: 'powershell'\n  condition: selection",
  severity: 40,
  effort: 3,
  alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
  enabled: true,
}
