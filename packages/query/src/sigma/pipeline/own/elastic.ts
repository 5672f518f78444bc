/** Fields of Windows events as the Elastic Common Schema 8 names them. */
const ECS_MAPPING = `
          Image: process.executable
          NewProcessName: process.executable
          CommandLine: process.command_line
          CurrentDirectory: process.working_directory
          ProcessId: process.pid
          ProcessGuid: process.entity_id
          OriginalFileName: process.pe.original_file_name
          Company: process.pe.company
          Product: process.pe.product
          Description: process.pe.description
          FileVersion: process.pe.file_version
          ParentImage: process.parent.executable
          ParentProcessName: process.parent.executable
          ParentCommandLine: process.parent.command_line
          ParentProcessId: process.parent.pid
          User: user.name
          SubjectUserName: user.name
          TargetUserName: user.target.name
          TargetFilename: file.path
          ImageLoaded: dll.path
          TargetObject: registry.path
          Details: registry.data.strings
          SourceIp: source.ip
          IpAddress: source.ip
          SourcePort: source.port
          IpPort: source.port
          DestinationIp: destination.ip
          DestinationPort: destination.port
          DestinationHostname: destination.domain
          Protocol: network.transport
          QueryName: dns.question.name
          PipeName: file.name
          EventID: event.code
          Channel: winlog.channel
          Provider_Name: winlog.provider_name
          ComputerName: winlog.computer_name
          Computer: winlog.computer_name
          ScriptBlockText: powershell.file.script_block_text`

const NO_PREFIX = `
    field_name_conditions:
      - type: exclude_fields
        mode: re
        fields: ['.*\\..*']`

/** Events that Winlogbeat sent with its modules: ECS names, what they lack below winlog.event_data. */
export const ECS: string = `
name: Elastic Common Schema
priority: 20
transformations:
  - id: ecs
    type: nest
    items:
      - type: field_name_mapping
        mapping:${ECS_MAPPING}
      - type: hashes_fields
        valid_hash_algos: [MD5, SHA1, SHA256, IMPHASH]
        field_prefix: process.hash.
      - type: field_name_mapping
        mapping:
          process.hash.MD5: process.hash.md5
          process.hash.SHA1: process.hash.sha1
          process.hash.SHA256: process.hash.sha256
          process.hash.IMPHASH: process.pe.imphash
    rule_conditions:
      - type: logsource
        product: windows
  - id: event_data
    type: field_name_prefix
    prefix: winlog.event_data.
    rule_conditions:
      - type: logsource
        product: windows${NO_PREFIX}
  - id: linux
    type: field_name_mapping
    mapping:${ECS_MAPPING.replaceAll('\n          ', '\n      ')}
    rule_cond_op: or
    rule_conditions:
      - type: logsource
        product: linux
      - type: logsource
        product: macos
  - id: web
    type: field_name_mapping
    mapping:
      c-uri: url.original
      cs-uri: url.original
      c-uri-query: url.query
      cs-uri-query: url.query
      c-uri-stem: url.path
      cs-uri-stem: url.path
      c-uri-extension: url.extension
      c-useragent: user_agent.original
      cs-user-agent: user_agent.original
      cs-method: http.request.method
      cs-referer: http.request.referrer
      cs-host: url.domain
      r-dns: url.domain
      sc-status: http.response.status_code
      c-ip: source.ip
      dst_ip: destination.ip
      src_ip: source.ip
      dst_port: destination.port
      src_port: source.port
    rule_cond_op: or
    rule_conditions:
      - type: logsource
        category: proxy
      - type: logsource
        category: webserver
      - type: logsource
        category: firewall
`

/** Events that Winlogbeat sent without its modules: every field of the event below winlog.event_data. */
export const WINLOGBEAT: string = `
name: Winlogbeat
priority: 20
transformations:
  - id: header
    type: field_name_mapping
    mapping:
      EventID: winlog.event_id
      Channel: winlog.channel
      Provider_Name: winlog.provider_name
      ComputerName: winlog.computer_name
      Computer: winlog.computer_name
    rule_conditions:
      - type: logsource
        product: windows
  - id: event_data
    type: field_name_prefix
    prefix: winlog.event_data.
    rule_conditions:
      - type: logsource
        product: windows${NO_PREFIX}
`
