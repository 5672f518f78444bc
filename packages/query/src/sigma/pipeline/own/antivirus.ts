/** Scanners for viruses: Microsoft Defender names what it found in its records of Windows' event log. */
export const ANTIVIRUS: string = `
name: Antivirus
priority: 10
transformations:
  - id: signature
    type: field_name_mapping
    mapping:
      Signature: [Signature, ThreatName, winlog.event_data.Threat Name]
    rule_conditions:
      - type: logsource
        category: antivirus
`
