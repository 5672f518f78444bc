/**
 * Timelines made by Plaso (its event data of `windows:evtx:record` and of access logs), as Timesketch holds them. The fields of a
 * Windows event are in `xml_string`, the numbers of its header in fields of their own.
 */
export const PLASO: string = `
name: Plaso
priority: 20
transformations:
  - id: evtx
    type: add_condition
    conditions:
      data_type: windows:evtx:record
    rule_conditions:
      - type: logsource
        product: windows
  - id: channel
    type: replace_string
    regex: '^(.*)$'
    replacement: '*<Channel>\\1</Channel>*'
    field_name_conditions:
      - type: include_fields
        fields: [Channel]
    rule_conditions:
      - type: logsource
        product: windows
  - id: header
    type: field_name_mapping
    mapping:
      Channel: xml_string
      EventID: event_identifier
      Provider_Name: source_name
      ComputerName: computer_name
      Computer: computer_name
    rule_conditions:
      - type: logsource
        product: windows
  - id: event_data
    type: event_xml
    field: xml_string
    field_name_conditions:
      - type: exclude_fields
        fields: [data_type, xml_string, event_identifier, source_name, computer_name]
    rule_conditions:
      - type: logsource
        product: windows
  - id: apache
    type: nest
    items:
      - type: add_condition
        conditions:
          data_type:
            - apache:access_log:entry
            - apache:access
            - iis:log:line
      - type: field_name_mapping
        mapping:
          cs-method: [http_method, http_request_method, http_request]
          cs-uri-query: [http_request, cs_uri_query]
          cs-uri-stem: [http_request, requested_uri_stem]
          cs-uri: [http_request, requested_uri_stem]
          c-uri: [http_request, requested_uri_stem]
          cs-user-agent: [http_request_user_agent, user_agent]
          c-useragent: [http_request_user_agent, user_agent]
          cs-referer: [http_request_referer, http_referer]
          sc-status: [http_response_code, http_status]
          c-ip: [ip_address, source_ip]
    rule_conditions:
      - type: logsource
        category: webserver
  - id: syslog
    type: add_condition
    conditions:
      data_type|startswith: syslog
    rule_conditions:
      - type: logsource
        product: linux
`

/** Timelines whose events keep their fields' names but lower the case of the header's, as Timesketch's own importers write them. */
export const TIMESKETCH: string = `
name: Timesketch
priority: 20
transformations:
  - id: header
    type: field_name_mapping
    mapping:
      EventID: [EventID, event_identifier]
      Channel: [Channel, channel, log_name]
      Provider_Name: [Provider_Name, SourceName, source_name]
      ComputerName: [ComputerName, Computer, Hostname, computer_name, hostname]
      Computer: [Computer, ComputerName, Hostname, computer_name, hostname]
      Image: [Image, process_path, exe]
      CommandLine: [CommandLine, command_line, command, ExecuteLine]
      User: [User, username, user]
      SourceIp: [SourceIp, src_ip, source_ip]
      DestinationIp: [DestinationIp, dst_ip, dest_ip]
      TargetFilename: [TargetFilename, filename, file_path]
      QueryName: [QueryName, query, domain]
`
