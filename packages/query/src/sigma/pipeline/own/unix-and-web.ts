/** Linux auditd: records as ausearch and Auditbeat name them; processes from EXECVE. */
export const AUDITD: string = `
name: Linux auditd
priority: 10
transformations:
  - id: record_type
    type: field_name_mapping
    mapping:
      type: [type, record_type, auditd.log.record_type]
      exe: [exe, auditd.log.exe, process.executable]
      comm: [comm, auditd.log.comm, process.name]
      a0: [a0, auditd.log.a0]
      a1: [a1, auditd.log.a1]
      a2: [a2, auditd.log.a2]
      a3: [a3, auditd.log.a3]
      key: [key, auditd.log.key, tags]
    rule_conditions:
      - type: logsource
        product: linux
        service: auditd
  - id: processes
    type: field_name_mapping
    mapping:
      Image: [Image, exe, process.executable]
      CommandLine: [CommandLine, proctitle, process.title, process.command_line]
      CurrentDirectory: [CurrentDirectory, cwd, process.working_directory]
      User: [User, auid, user.name]
      ParentImage: [ParentImage, process.parent.executable]
    rule_conditions:
      - type: logsource
        product: linux
        category: process_creation
`

/** macOS: processes and files of the Endpoint Security framework as common agents name them. */
export const MACOS: string = `
name: macOS
priority: 10
transformations:
  - id: processes
    type: field_name_mapping
    mapping:
      Image: [Image, process.executable, process.path, event.exec.target.executable.path]
      CommandLine: [CommandLine, process.command_line, process.args_joined]
      ParentImage: [ParentImage, process.parent.executable, process.parent.path]
      ParentCommandLine: [ParentCommandLine, process.parent.command_line]
      OriginalFileName: [OriginalFileName, process.name]
      User: [User, user.name]
      TargetFilename: [TargetFilename, file.path, event.create.destination.path]
    rule_conditions:
      - type: logsource
        product: macos
`

/** Proxies: W3C extended log format (fields with - or _), Squid and ECS. */
export const PROXY: string = `
name: Proxy
priority: 10
transformations:
  - id: proxy
    type: field_name_mapping
    mapping:
      c-uri: [c-uri, cs-uri, c_uri, url, request_url, url.original]
      cs-uri: [cs-uri, c-uri, cs_uri, url, request_url, url.original]
      c-uri-query: [c-uri-query, cs-uri-query, c_uri_query, url.query]
      c-uri-extension: [c-uri-extension, cs-uri-extension, url.extension]
      c-useragent: [c-useragent, cs-user-agent, cs_user_agent, user_agent, user_agent.original]
      cs-user-agent: [cs-user-agent, c-useragent, cs_user_agent, user_agent, user_agent.original]
      cs-method: [cs-method, cs_method, method, http_method, http.request.method]
      cs-host: [cs-host, cs_host, host, url.domain]
      r-dns: [r-dns, cs-host, cs_host, host, url.domain]
      sc-status: [sc-status, sc_status, status, http.response.status_code]
      cs-referer: [cs-referer, cs_referer, referer, http.request.referrer]
    rule_conditions:
      - type: logsource
        category: proxy
`

/** Web servers: W3C extended log format, the combined log format as importers name its parts, and ECS. */
export const WEBSERVER: string = `
name: Web servers
priority: 10
transformations:
  - id: webserver
    type: field_name_mapping
    mapping:
      cs-method: [cs-method, cs_method, method, http_method, http.request.method]
      cs-uri-query: [cs-uri-query, cs_uri_query, query, request, url, http_request, url.original]
      cs-uri-stem: [cs-uri-stem, cs_uri_stem, path, request, url, http_request, url.path]
      cs-uri: [cs-uri, cs_uri, request, url, http_request, url.original]
      c-uri: [c-uri, cs_uri, request, url, http_request, url.original]
      cs-user-agent: [cs-user-agent, cs_user_agent, cs(User-Agent), user_agent, agent, user_agent.original]
      c-useragent: [c-useragent, cs_user_agent, cs(User-Agent), user_agent, agent, user_agent.original]
      cs-referer: [cs-referer, cs_referer, cs(Referer), referer, referrer, http.request.referrer]
      cs-host: [cs-host, cs_host, host, url.domain]
      sc-status: [sc-status, sc_status, status, status_code, http.response.status_code]
      c-ip: [c-ip, c_ip, client_ip, remote_host, clientip, source.ip]
    rule_conditions:
      - type: logsource
        category: webserver
`
