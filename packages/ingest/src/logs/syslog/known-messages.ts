const CRON = /^\(([^)]+)\) CMD \(/
const SSH_LOGIN =
  /^Accepted (\S+) for (\S+) from (\S+) port (\d{1,5})(?: (ssh2?))?(?:: (?:(RSA|DSA|ECDSA|ED25519)\S* )?(\S+))?/
const SSH_FAILED = /^Failed (\S+) for (?:invalid user )?(\S*) from (\S+) port (\d{1,5})(?: (ssh2?))?/
const SSH_OPENED = /^Connection from (\S+) port (\d{1,5})/
/** sudo: who; where it stood, behind a reason or not; as whom, between the folder and the command (sudo.conf, "Log format"). */
const SUDO_WHO = /^\s*(\S+) : /
const SUDO_WHERE = /(?:^|; )TTY=(\S+) ; PWD=/
const SUDO_TARGET = / ; USER=(\S+) ; /
const SUDO_COMMAND = /(?:^|; )COMMAND=/

/** Fields that a message holds beside the usual ones; `message` where Plaso words it otherwise. */
export type KnownMessage = Readonly<Record<string, string | undefined>>

/**
 * What is in messages of programs that analyzers ask for, under the names and data types that Plaso has (release 20260720): cron's
 * tasks, logins and connections of sshd; beside these what sudo ran.
 *
 * @param pid - As it stood in the line, for the message.
 * @returns Undefined for all other messages.
 */
export function readKnownMessage(reporter: string, body: string, pid: unknown): KnownMessage | undefined {
  switch (reporter) {
    case 'CRON':
    case 'crond':
    case '/USR/SBIN/CRON': {
      const match = CRON.exec(body)
      if (!match || !body.endsWith(')')) return undefined
      const username = match[1]
      const command = body.slice(match[0].length, -1).trim()
      return {
        data_type: 'syslog:cron:task_run',
        username,
        command,
        message: `Cron ran: ${command} for user: ${username}${pid === undefined ? '' : ` pid: ${pid}`}`,
      }
    }
    case 'sshd':
    case 'sshd-session':
      return readSshd(body, pid)
    case 'sudo':
      return readSudo(body)
    default:
      return undefined
  }
}

/** Member by member, each looked for behind the one before: one expression for all would try every way to part the line. */
function readSudo(body: string): KnownMessage | undefined {
  const who = SUDO_WHO.exec(body)
  const where = who ? findIn(body, who[0].length, SUDO_WHERE) : undefined
  const target = where ? findIn(body, where.end, SUDO_TARGET) : undefined
  const command = target ? findIn(body, target.end, SUDO_COMMAND) : undefined
  if (!who || !where || !target || !command) return undefined
  return {
    username: who[1],
    terminal: where.value,
    working_directory: body.slice(where.end, target.start),
    target_username: target.value,
    command: body.slice(command.end),
  }
}

/** Where an expression first matches from a place on, which is its `^`, and what its group caught. */
function findIn(
  text: string,
  from: number,
  expression: RegExp,
): { readonly start: number; readonly end: number; readonly value: string | undefined } | undefined {
  const match = expression.exec(text.slice(from))
  if (!match) return undefined
  const start = from + match.index
  return { start, end: start + match[0].length, value: match[1] }
}

function readSshd(body: string, pid: unknown): KnownMessage | undefined {
  const end = pid === undefined ? '' : ` ssh pid: ${pid}`
  const login = SSH_LOGIN.exec(body)
  if (login) {
    const [, method, username, address, port, protocol, , fingerprint] = login
    return {
      data_type: 'syslog:ssh:login',
      authentication_method: method,
      username,
      ip_address: address,
      port,
      protocol,
      fingerprint,
      message: `Successful login of user: ${username} from ${address}:${port} using authentication method: ${method}${end}`,
    }
  }
  const failed = SSH_FAILED.exec(body)
  if (failed) {
    const [, method, username, address, port, protocol] = failed
    return {
      data_type: 'syslog:ssh:failed_connection',
      authentication_method: method,
      username,
      ip_address: address,
      port,
      protocol,
      message: `Unsuccessful connection of user: ${username} from ${address}:${port} using authentication method: ${method}${end}`,
    }
  }
  const opened = SSH_OPENED.exec(body)
  if (!opened) return undefined
  const [, address, port] = opened
  return {
    data_type: 'syslog:ssh:opened_connection',
    ip_address: address,
    port,
    message: `Connection opened ${address}:${port}${end}`,
  }
}
