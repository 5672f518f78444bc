import { Buffer } from 'node:buffer'

const START_MS = Date.UTC(2026, 0, 1)
const STEP_MS = 137

/** Logs of one kind, as programs write them. */
export interface LogKind {
  readonly name: string
  /** What stands in front of the first line. */
  readonly head?: string
  /** A line, whose number makes it differ from others; of a journal an entry of several lines. */
  readonly write: (i: number) => string
}

/** Logs of every reader of lines, and of those kinds that are tables, JSON or journals. */
export const LOG_KINDS: readonly LogKind[] = [
  {
    name: 'syslog',
    write: (i) =>
      `${syslogDate(i)} web${i % 7} sshd[${1000 + (i % 900)}]: Failed password for invalid user user${i % 50} from 192.0.2.${i % 250} port ${20000 + (i % 40000)} ssh2`,
  },
  {
    name: 'syslog, RFC 5424',
    write: (i) =>
      `<${i % 190}>1 ${isoDate(i)} web${i % 7} app ${1000 + (i % 900)} ID${i % 9} [origin@32473 ip="192.0.2.${i % 250}" seq="${i}"] request ${i} was answered`,
  },
  {
    name: 'web access',
    write: (i) =>
      `192.0.2.${i % 250} - - [${clfDate(i)}] "GET /path/${i % 1000}/index.html?id=${i} HTTP/1.1" 200 ${1000 + (i % 9000)} "https://www.example.com/from/${i % 30}" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"`,
  },
  {
    name: 'Apache errors',
    write: (i) =>
      `[Thu Jan 01 ${clock(i)}.${String(i % 1_000_000).padStart(6, '0')} 2026] [core:error] [pid ${1000 + (i % 90)}:tid 1404] [client 192.0.2.${i % 250}:${20000 + (i % 40000)}] AH00128: File does not exist: /var/www/html/${i}`,
  },
  {
    name: 'nginx errors',
    write: (i) =>
      `2026/01/01 ${clock(i)} [error] ${1000 + (i % 90)}#${i % 9}: *${i} open() "/var/www/${i}" failed (2: No such file or directory), client: 192.0.2.${i % 250}, server: example.com, request: "GET /${i} HTTP/1.1", host: "example.com"`,
  },
  {
    name: 'IIS',
    head: '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n',
    write: (i) =>
      `${isoDate(i).replace('T', ' ').slice(0, 19)} 10.0.0.1 GET /a/${i % 500}.aspx id=${i} 443 - 192.0.2.${i % 250} Mozilla/5.0+(Windows+NT+10.0) - 200 0 0 ${i % 900}`,
  },
  {
    name: 'Windows firewall',
    head: '#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Time Format: Local\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\n\n',
    write: (i) =>
      `${isoDate(i).replace('T', ' ').slice(0, 19)} ${i % 3 ? 'ALLOW' : 'DROP'} TCP 10.0.0.${i % 250} 192.0.2.${i % 200} ${20000 + (i % 40000)} 443 0 - 0 0 0 - - - SEND`,
  },
  {
    name: 'auditd (four records an event)',
    write: (i) => {
      const serial = Math.floor(i / 4)
      const head = `msg=audit(${Math.floor(START_MS / 1000) + serial}.123:${serial}):`
      return [
        `type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 items=2 ppid=1 pid=${1000 + serial} auid=1000 uid=0 gid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" key="exec"`,
        `type=EXECVE ${head} argc=3 a0="ls" a1="-l" a2="/tmp/${serial}"`,
        `type=CWD ${head} cwd="/root"`,
        `type=PATH ${head} item=0 name="/usr/bin/ls" inode=${serial} dev=08:01 mode=0100755 nametype=NORMAL`,
      ][i % 4]!
    },
  },
  {
    name: 'journal export (entries)',
    write: (i) =>
      `__CURSOR=s=0123456789abcdef;i=${i.toString(16)}\n__REALTIME_TIMESTAMP=${(START_MS + i * STEP_MS) * 1000}\n__MONOTONIC_TIMESTAMP=${i}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_TRANSPORT=syslog\nPRIORITY=${i % 8}\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=sshd\n_PID=${1000 + (i % 900)}\n_UID=0\n_COMM=sshd\n_EXE=/usr/sbin/sshd\n_SYSTEMD_UNIT=ssh.service\n_HOSTNAME=web${i % 7}\nMESSAGE=Failed password for invalid user user${i % 50} from 192.0.2.${i % 250} port ${20000 + (i % 40000)} ssh2\n`,
  },
  {
    name: 'Zeek TSV',
    head: '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t2026-01-01-00-00-00\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\n',
    write: (i) =>
      `${Math.floor(START_MS / 1000) + i}.${String(i % 1_000_000).padStart(6, '0')}\tC${i.toString(36)}\t10.0.0.${i % 250}\t${20000 + (i % 40000)}\t192.0.2.${i % 200}\t443\ttcp\tssl\t0.${i % 1000}\t${i % 5000}\t${i % 9000}\tSF`,
  },
  {
    name: 'Docker JSON',
    write: (i) =>
      JSON.stringify({ log: `request ${i} took ${i % 500} ms\n`, stream: 'stdout', time: isoDate(i) }),
  },
  {
    name: 'Kubernetes (CRI)',
    write: (i) => `${isoDate(i)} stdout F request ${i} took ${i % 500} ms on worker ${i % 8}`,
  },
  {
    name: 'body file (four times a line)',
    write: (i) => {
      const time = Math.floor(START_MS / 1000) + i * 60
      return `0|/usr/share/folder${i % 900}/file${i}|${i + 10}-128-1|r/rrwxr-xr-x|0|0|${i * 7}|${time}|${time + 1}|${time + 2}|${time + 3}`
    },
  },
  {
    name: 'bash history (two lines a command)',
    write: (i) =>
      i % 2 === 0
        ? `#${Math.floor(START_MS / 1000) + i}`
        : `tar czf /tmp/archive-${i}.tar.gz /var/log/app${i % 90}`,
  },
  {
    name: 'no known form',
    write: (i) =>
      `${isoDate(i).replace('T', ' ')} [worker-${i % 8}] INFO com.example.Service - request ${i} took ${i % 500} ms`,
  },
]

/** So many lines (entries of journals) of a kind. */
export function writeLog({ head = '', write }: LogKind, lines: number): Buffer {
  return Buffer.from(`${head}${Array.from({ length: lines }, (_, i) => write(i)).join('\n')}\n`)
}

function isoDate(i: number): string {
  return new Date(START_MS + i * STEP_MS).toISOString()
}

function clock(i: number): string {
  return isoDate(i).slice(11, 19)
}

function syslogDate(i: number): string {
  const [, day, month, , time] = new Date(START_MS + i * STEP_MS).toUTCString().split(' ')
  return `${month} ${String(Number(day)).padStart(2)} ${time}`
}

function clfDate(i: number): string {
  const [, day, month, year, time] = new Date(START_MS + i * STEP_MS).toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}
