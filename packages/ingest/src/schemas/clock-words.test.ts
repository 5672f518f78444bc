import { expect, it } from 'vitest'
import { chooseMapping } from './choose-mapping.ts'
import { belongTogether } from './clock-words.ts'

/** The fields that a table of dates, clock times and texts takes its time from. */
function join(dateName: string, ...clockNames: readonly string[]): string | undefined {
  const values = (make: (i: number) => string) => Array.from({ length: 20 }, (_, i) => make(10 + i))
  const result = chooseMapping([
    { name: dateName, values: values((i) => `2026-03-${i}`) },
    ...clockNames.map((name) => ({ name, values: values((i) => `10:${i}:05`) })),
    { name: 'What', values: values((i) => `did something here ${i}`) },
  ])
  return result.ok ? result.mapping.times[0]!.fields.slice(1).join() : undefined
}

it.each([
  ...['Time (EST)', 'Time (UTC+1)', 'Time (UTC+02:00)', 'Time UTC', 'Time 1', 'Logon Time', 'Request Time'],
  ...[
    'Call Time',
    'TimeCreated',
    'Timestamp',
    'Arrival',
    'HH:MM:SS',
    'Time (HH:MM:SS)',
    'Log in',
    'utc_time',
  ],
  ...['Startzeit', 'Uhrzeit (lokal)', 'Heure locale', 'Início', 'Starttijd', 'Event.StartTime', 'time [24h]'],
])('joins %j with the date beside it', (name) => {
  expect(join('Date', name)).toBe(name)
})

it.each([...['Calendar Date', 'Ereignisdatum', 'Date of event', 'EventDate', 'Data', 'Start Date']])(
  'joins the time beside %j',
  (name) => {
    expect(join(name, 'Time')).toBe('Time')
  },
)

it.each([
  ...[
    'Talk Time',
    'Time taken',
    'Duration',
    'CPU Time',
    'Runtime',
    'uptime',
    'Laufzeit',
    'Anrufdauer',
    'Wartezeit',
  ],
  ...[
    'Timezone',
    'Time out',
    'Time to resolve',
    'Time in queue',
    'Time (elapsed)',
    'Time (mm:ss)',
    'Endzeit',
  ],
  ...['Durée', "Temps d'attente", 'Response', 'Hours Worked', 'Average Time'],
])('joins %j with no date: it is a length, an end or no clock', (name) => {
  expect(join('Date', name)).toBe('')
})

it('takes of several clocks the one called a beginning, else the one called a time', () => {
  expect(join('Date', 'Call Time', 'Start Time', 'End Time')).toBe('Start Time')
  expect(join('Day', 'Call Time', 'Time')).toBe('Time')
  expect(join('Day', 'Call Time', 'Request Time')).toBe('')
})

it('knows which dates and clocks are called the same', () => {
  expect(belongTogether('start_date', 'start_time (UTC)')).toBe(true)
  expect(belongTogether('Startdatum', 'Startzeit')).toBe(true)
  expect(belongTogether('end.date', 'end.time')).toBe(true)
  expect(belongTogether('start_date', 'end_time')).toBe(false)
  expect(belongTogether('a.date', 'b.time')).toBe(false)
})
