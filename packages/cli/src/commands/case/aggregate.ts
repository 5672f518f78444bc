import { type AggregationResult, type SavedAggregation, stringifyExactJson } from '@timeskein/sdk'
import { readPairs, requireText } from '../../arguments.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { openTextFile, type TextFile } from '../../output/output-file.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { openSketch } from '../../timesketch/open-sketch.ts'
import { pick } from '../../timesketch/pick.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['kinds', 'run', 'list', 'show', 'delete'] as const

/** `skein aggregate`: Timesketch's aggregators and the charts they come with; `skein top` and `histogram` need neither. */
export const aggregateCommand: Command = {
  name: 'aggregate',
  summary: 'Count and sum with aggregators, with charts; keep what was counted.',
  usage: [
    'kinds --sketch NAME|ID',
    'run KIND --sketch NAME|ID [--param NAME=VALUE]... [--chart FILE] [--save NAME]',
    'list --sketch NAME|ID',
    'show NAME|ID --sketch NAME|ID [--chart FILE]',
    'delete NAME|ID --sketch NAME|ID',
  ],
  options: {
    sketch: SKETCH_OPTION,
    param: {
      type: 'string',
      short: 'p',
      value: 'NAME=VALUE',
      multiple: true,
      help: 'a parameter; kinds lists them',
    },
    chart: { type: 'string', value: 'FILE', help: 'write the chart here, as Vega-Lite' },
    save: { type: 'string', value: 'NAME', help: 'keep it in the sketch under this name' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    {
      line: 'skein aggregate run field_bucket -p field=Computer -p limit=5 -p supported_charts=barchart -s case',
      says: 'the five commonest computers',
    },
    {
      line: "skein aggregate show 'Computers' -s case --chart chart.vl.json",
      says: 'runs a kept one, and draws it',
    },
  ],
  run: runAggregate,
}

async function runAggregate(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, aggregateCommand, ACTIONS)
  const needsName = action === 'run' || action === 'show' || action === 'delete'
  const name = needsName
    ? requireArgument(call, aggregateCommand, 1, action === 'run' ? 'a kind' : 'a name')
    : ''
  const parameters = readPairs(call, 'param', 'field=Computer')
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'aggregate'))
  const { sketch, timesketch, options } = access
  if (action === 'kinds') {
    const kinds = (await timesketch.aggregators.list(options)).map((kind) => ({
      name: kind.name,
      description: kind.description,
      parameters: kind.parameters.map((parameter) => parameter.name),
    }))
    await printListing(kinds, ['name', 'parameters', 'description'], call, effects)
    return EXIT.ok
  }
  const chartPath = action === 'run' || action === 'show' ? call.text('chart') : undefined
  await using chart = chartPath === undefined ? undefined : await openTextFile(chartPath)
  if (action === 'run') {
    const result = await sketch.aggregations.run(name, parameters, options)
    const saved = call.text('save')
    if (saved !== undefined) await sketch.aggregations.save(result, { name: saved }, options)
    return await printRows(result, chart, call, effects)
  }
  const all = await sketch.aggregations.list(options)
  if (action === 'list') {
    await printListing(all.map(toRow), ['id', 'name', 'kind', 'chart', 'parameters'], call, effects)
    return EXIT.ok
  }
  const { id } = pick(all, name, 'saved aggregation', (one) => one.name)
  if (action === 'show')
    return await printRows(await sketch.aggregations.runSaved(id, options), chart, call, effects)
  await sketch.aggregations.delete(id, options)
  await printResult({ deleted: id }, prose`saved aggregation ${id} is deleted\n`, call, effects)
  return EXIT.ok
}

async function printRows(
  result: AggregationResult,
  chart: TextFile | undefined,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  await chart?.write(`${stringifyExactJson(result.chart())}\n`)
  const rows: readonly ListingRow[] = result.rows.map(({ bucket_name: _bucket, ...row }) => row)
  await printListing(rows, [...new Set(rows.flatMap((row) => Object.keys(row)))], call, effects)
  return EXIT.ok
}

function toRow({ id, name, aggregator, chartType, parameters }: SavedAggregation): ListingRow {
  return { id, name, kind: aggregator, chart: chartType, parameters }
}
