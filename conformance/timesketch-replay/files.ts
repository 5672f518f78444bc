/** What `record_samples.py` put into the files that it sent; only their names are recorded. */
const LOGINS = [
  'message,datetime,timestamp_desc,host,user,status,src_ip',
  ...Array.from({ length: 60 }, (_, n) => {
    const day = String(1 + (n % 28)).padStart(2, '0')
    const hour = String(n % 24).padStart(2, '0')
    const outcome = n % 3 === 0 ? 'accepted' : 'failed'
    return `"Login ${outcome} for user${n % 5} from 10.0.0.${n}",2024-02-${day}T${hour}:00:00+00:00,Event Logged,ws-${n % 4}.corp.example,user${n % 5},${200 + (n % 3)},10.0.0.${n}`
  }),
  '',
].join('\n')
const WITHOUT_NAMES = 'when,what\n2024-01-01T00:00:00,thing\n'
const HALF = LOGINS.length >> 1

/** The content of a file by the name of the sample that sent it. */
export function readFileOf(sample: string): string {
  switch (sample) {
    case 'upload-empty-file':
      return ''
    case 'upload-bad-extension':
      return 'hello'
    case 'upload-csv-missing-headers':
    case 'upload-csv-headers-mapping':
      return WITHOUT_NAMES
    case 'upload-chunk-first':
      return LOGINS.slice(0, HALF)
    case 'upload-chunk-last':
      return LOGINS.slice(HALF)
    default:
      return LOGINS
  }
}
