import { AUDIT_FORMAT } from './audit/audit.ts'
import { BODYFILE_FORMAT } from './bodyfile/bodyfile.ts'
import { CRI_FORMAT } from './containers/cri.ts'
import { DOCKER_FORMAT } from './containers/docker.ts'
import type { LogFormat } from './core/log-format.ts'
import { LINES_FORMAT } from './lines/lines.ts'
import { BASH_FORMAT } from './shell/bash.ts'
import { ZSH_FORMAT } from './shell/zsh.ts'
import { SYSLOG_FORMAT } from './syslog/syslog.ts'
import { ACCESS_FORMAT } from './web/access.ts'
import { APACHE_ERROR_FORMAT } from './web/apache-error.ts'
import { NGINX_ERROR_FORMAT } from './web/nginx-error.ts'
import { FIREWALL_FORMAT, IIS_FORMAT, W3C_FORMAT } from './web/w3c.ts'
import { DHCP_SERVER_FORMAT } from './windows/dhcp-server.ts'
import { SCHEDULED_TASKS_FORMAT } from './windows/scheduled-tasks.ts'
import { SETUP_API_FORMAT } from './windows/setup-api.ts'

/** Text logs that are known by their lines; where several match, the first counts. */
export const LOG_FORMATS: readonly LogFormat[] = [
  AUDIT_FORMAT,
  CRI_FORMAT,
  DOCKER_FORMAT,
  SYSLOG_FORMAT,
  ACCESS_FORMAT,
  APACHE_ERROR_FORMAT,
  NGINX_ERROR_FORMAT,
  IIS_FORMAT,
  FIREWALL_FORMAT,
  W3C_FORMAT,
  BODYFILE_FORMAT,
  SCHEDULED_TASKS_FORMAT,
  SETUP_API_FORMAT,
  DHCP_SERVER_FORMAT,
  BASH_FORMAT,
  ZSH_FORMAT,
]

const BY_NAME = new Map([...LOG_FORMATS, LINES_FORMAT].map((format) => [format.name, format]))

/**
 * The format of a name.
 *
 * @throws {Error} When there is none: names come from this table.
 */
export function findLogFormat(name: string): LogFormat {
  const format = BY_NAME.get(name)
  if (format === undefined) throw new Error(`expected the name of a text log, found ${JSON.stringify(name)}`)
  return format
}
