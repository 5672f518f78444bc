/** What each emoji on an event means, and the flags of the regions (Timesketch 20261014: lib/emojis.py). */

const MEANINGS: readonly (readonly [string, string])[] = [
  ['&#x1FAA3', 'Storage bucket'],
  ['&#x1F4A3', 'Malicious campaign activity'],
  ['&#x1F4F7', 'Screenshot activity'],
  ['&#x26A1', 'Attack pattern'],
  ['&#x1F3A3', 'Phishing'],
  ['&#x1F525', 'Investigation activity'],
  ['&#x1F30F', 'The world'],
  ['&#x1F528', 'Tool match'],
  ['&#x1F194', 'Account ID'],
  ['&#x1F517', 'Events Linked'],
  ['&#x1F512', 'Logon activity'],
  ['&#x1F682', 'Execution activity'],
  ['&#x1F50E', 'Search related activity'],
  ['&#x1F9CD', 'Person'],
  ['&#x1F400', 'Remote access'],
  ['&#x1F4E1', 'Domain activity'],
  ['&#x1F5B5', 'Screensaver activity'],
  ['&#x1F6E1', 'Vulnerability'],
  ['&#x2620', 'Suspicious entry'],
  ['&#x1F480', 'Threat intel match'],
  ['&#x1F634', 'Activity outside of regular hours'],
  ['&#x2728', 'New entity created'],
  ['&#x1F577', 'Malware activity'],
  ['&#x1F513', 'Logoff activity'],
  ['&#x2705', 'Validate'],
  ['&#x1F5D1', 'Deletion activity'],
]

const REGIONS =
  'AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK ' +
  'FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT ' +
  'JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP ' +
  'MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE ' +
  'RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT ' +
  'TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'

const FIRST_INDICATOR = 0x1f1e6

/** `meta.emojis` of a sketch: entity code, without its semicolon, to what it means. */
export function listEmojis(): Readonly<Record<string, string>> {
  emojis ??= makeEmojis()
  return emojis
}

// Made when it is first wanted: names of countries are slow to come.
let emojis: Readonly<Record<string, string>> | undefined

function makeEmojis(): Record<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  const flags = REGIONS.split(' ').map((code): [string, string] => [
    [...code]
      .map((letter) => `&#x${(FIRST_INDICATOR + letter.charCodeAt(0) - 65).toString(16).toUpperCase()}`)
      .join(''),
    names.of(code) ?? code,
  ])
  return Object.fromEntries([...MEANINGS, ...flags])
}
