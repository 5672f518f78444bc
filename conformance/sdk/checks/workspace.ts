import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { aggregationBlock, savedSearchBlock, textBlock } from '../../../packages/sdk/src/index.ts'
import { openCase } from '../case.ts'
import { type Check, needResource, Skip } from '../check.ts'
import { connect } from '../place.ts'

const RULE_ID = crypto.randomUUID()
const RULE = `title: Sample rule
id: ${RULE_ID}
status: stable
description: finds a scanner
author: us
date: 2024/01/02
logsource:
    product: linux
    service: shell
detection:
    keywords:
        - 'zmap'
    condition: keywords
level: high
`

export const WORKSPACE_CHECKS: readonly Check[] = [
  {
    name: 'a story is told, rearranged and written out',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const story = await needResource('stories', () => sketch.stories.create({ title: 'What happened' }))
      const saved = await sketch.search('evil').save({ name: 'evil' })
      await sketch.stories.addBlock(story.id, textBlock('# Head'))
      await sketch.stories.addBlock(story.id, savedSearchBlock(saved))
      const moved = await sketch.stories.moveBlock(story.id, 1, 0)
      deepEqual(moved.blocks, [
        { kind: 'saved-search', id: saved.id, name: 'evil' },
        { kind: 'text', text: '# Head' },
      ])
      await sketch.stories.replaceBlock(story.id, 1, textBlock('# Title'))
      match(await sketch.stories.export(story.id, 'markdown'), /# Title/)
      await sketch.stories.update(story.id, { title: 'What had happened' })
      equal((await sketch.stories.find('WHAT HAD HAPPENED'))?.id, story.id)
      await sketch.stories.removeBlock(story.id, 0)
      equal((await sketch.stories.get(story.id)).blocks.length, 1)
      await sketch.stories.delete(story.id)
      // Timesketch itself answers 500.
      await rejects(sketch.stories.get(story.id), { name: 'ApiError' })
      await sketch.delete()
    },
  },
  {
    name: 'an aggregation is kept, and shown in a group and a story',
    async run(place) {
      const sketch = await openCase(await connect(place), 30)
      const result = await sketch.aggregations.run('field_bucket', {
        field: 'computer',
        supported_charts: 'barchart',
      })
      const saved = await needResource('saved aggregations', () =>
        sketch.aggregations.save(result, { name: 'computers', description: 'how many' }),
      )
      deepEqual([saved.name, saved.description, saved.aggregator], ['computers', 'how many', 'field_bucket'])
      equal((await sketch.aggregations.update(saved.id, { name: 'machines' })).description, 'how many')
      equal((await sketch.aggregations.list()).length, 1)
      equal((await sketch.aggregations.runSaved(saved.id)).rows.length, 3)
      equal(aggregationBlock(saved).kind, 'aggregation')
      const group = await sketch.aggregationGroups.create({ name: 'all', aggregationIds: [saved.id] })
      deepEqual((await sketch.aggregationGroups.find(group.id))?.aggregationIds, [saved.id])
      const run = await sketch.aggregationGroups.run(group)
      equal(run.results[0]?.rows.length, 3)
      await sketch.aggregationGroups.delete(group.id)
      await sketch.aggregations.delete(saved.id)
      await sketch.delete()
    },
  },
  {
    name: 'a Sigma rule is read, stored, found and deleted',
    async run(place) {
      const client = await connect(place)
      const parsed = await needResource('Sigma rules', () => client.sigmaRules.parse(RULE))
      deepEqual([parsed.title, parsed.level, parsed.logSource['product']], ['Sample rule', 'high', 'linux'])
      match(parsed.searchQuery ?? '', /zmap/)
      const rule = await client.sigmaRules.create(RULE)
      deepEqual([rule.uuid, rule.status], [RULE_ID, 'stable'])
      ok((await client.sigmaRules.list()).some(({ uuid }) => uuid === RULE_ID))
      await rejects(client.sigmaRules.create(RULE), { status: 403 })
      equal((await client.sigmaRules.update(RULE_ID, RULE.replace('Sample', 'Other'))).title, 'Other rule')
      await client.sigmaRules.delete(RULE_ID)
      await rejects(client.sigmaRules.get(RULE_ID), { code: 'not-found' })
      await rejects(client.sigmaRules.parse('title: [unclosed'), { status: 400 })
    },
  },
  {
    name: 'analyzers are listed, run and watched to their end',
    async run(place) {
      const sketch = await openCase(await connect(place), 30)
      const analyzers = await needResource('analyzers', () => sketch.analyzers.list())
      if (!analyzers.some(({ name }) => name === 'domain'))
        throw new Skip('this server has no analyzer "domain"')
      const [timeline] = await sketch.timelines.list()
      const timelineIds = [timeline?.id ?? 0]
      const [session] = await sketch.analyzers.run({ names: ['domain'], timelineIds, force: true })
      ok(session)
      const states = await Array.fromAsync(sketch.analyzers.watch(session.id))
      const end = states.at(-1)?.analyses.find(({ analyzerName }) => analyzerName === 'domain')
      equal(end?.status, 'DONE')
      ok(
        (await sketch.timelines.analyses(timelineIds[0] ?? 0)).some(
          ({ sessionId }) => sessionId === session.id,
        ),
      )
      await sketch.delete()
    },
  },
  {
    name: 'a graph is kept and read back',
    async run(place) {
      const client = await connect(place)
      const sketch = await openCase(client, 10)
      const nodes = [
        { id: 'a', label: 'A', type: 'user' },
        { id: 'b', label: 'B', type: 'computer' },
      ]
      const edges = [{ id: 'ab', source: 'a', target: 'b', label: 'used' }]
      const graph = await needResource('graphs', () =>
        sketch.graphs.create({ name: 'G', elements: { nodes, edges } }),
      )
      deepEqual(
        graph.elements.nodes.map((node) => node['id']),
        ['a', 'b'],
      )
      equal((await sketch.graphs.list())[0]?.name, 'G')
      ok((await client.graphPlugins()).some(({ name }) => name === 'winservice'))
      const made = await sketch.graphs.generate('winservice', { refresh: true })
      deepEqual(made.elements, { nodes: [], edges: [] })
      await sketch.graphs.delete(graph.id)
      await sketch.delete()
    },
  },
  {
    name: 'a question is asked, answered and closed',
    async run(place) {
      const client = await connect(place)
      const sketch = await openCase(client, 10)
      const question = await needResource('questions', () => sketch.questions.create({ text: 'Who did it?' }))
      equal(question.displayName, 'Who did it?')
      const { conclusionId } = await sketch.questions.addConclusion(question.id, 'The gardener')
      const [event] = await sketch.search('evil').take(1).toArray()
      ok(event)
      await sketch.events.linkToConclusion([event], conclusionId)
      const [conclusion] = await sketch.questions.conclusions(question.id)
      deepEqual([conclusion?.text, conclusion?.events[0]?.id], ['The gardener', event.id])
      equal(
        (await sketch.questions.update(question.id, { status: 'verified', priority: 'high' })).status,
        'verified',
      )
      ok(Array.isArray(await client.scenarioTemplates()))
      ok(Array.isArray(await sketch.scenarios.list()))
      await sketch.delete()
    },
  },
  {
    name: 'the data finder says what there is',
    async run(place) {
      const sketch = await openCase(await connect(place), 10)
      const question = { start: '2024-01-01T00:00:00', end: '2024-02-01T00:00:00', rules: ['no such rule'] }
      const [finding] = await needResource('data finder', () => sketch.findData(question))
      deepEqual([finding?.rule, finding?.isFound], ['no such rule', false])
      await sketch.delete()
    },
  },
]
