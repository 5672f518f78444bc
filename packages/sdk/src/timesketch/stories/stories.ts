import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readOwner } from '../users/user.ts'
import { readBare, readModels, readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readId, readJsonText, readText, readTexts, toRecords, type WireRecord } from '../wire/record.ts'
import { readBlock, type StoryBlock, writeBlock } from './story-blocks.ts'

/** What is told of a case: text, with searches and charts in it. */
export interface Story {
  readonly id: number
  readonly title: string
  readonly blocks: readonly StoryBlock[]
  readonly labels: readonly string[]
  readonly owner: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

/**
 * Stories of a sketch. A server keeps a story whole, so changing a part reads it, changes it and writes it back: two who write at
 * the same moment overwrite one another.
 */
export class Stories {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/stories/`
  }

  async list(options?: CallOptions): Promise<readonly Story[]> {
    return readModels(await this.#connection.get(this.#base, options)).map(toStory)
  }

  async get(id: number, options?: CallOptions): Promise<Story> {
    return toStory(readObject(await this.#connection.get(this.#base + path`${id}/`, options)))
  }

  /** The first one of that title, whatever its case; undefined when there is none. */
  async find(title: string, options?: CallOptions): Promise<Story | undefined> {
    const wanted = title.toLowerCase()
    return (await this.list(options)).find((story) => story.title.toLowerCase() === wanted)
  }

  async create(
    story: { title: string; blocks?: readonly StoryBlock[] },
    options?: CallOptions,
  ): Promise<Story> {
    return toStory(
      readObject(await this.#connection.post(this.#base, toBody(story.title, story.blocks ?? []), options)),
    )
  }

  /** What is not named stays. */
  async update(
    id: number,
    change: { title?: string; blocks?: readonly StoryBlock[] },
    options?: CallOptions,
  ): Promise<Story> {
    return await this.edit(id, (story) => ({ ...story, ...change }), options)
  }

  /** Reads a story, changes it and writes it back. */
  async edit(
    id: number,
    change: (story: Story) => { readonly title: string; readonly blocks: readonly StoryBlock[] },
    options?: CallOptions,
  ): Promise<Story> {
    const { title, blocks } = change(await this.get(id, options))
    const answer = await this.#connection.post(this.#base + path`${id}/`, toBody(title, blocks), options)
    return toStory(readObject(answer))
  }

  /** @param options.at - Place of the new block, counted from 0. @default the end */
  async addBlock(id: number, block: StoryBlock, options: CallOptions & { at?: number } = {}): Promise<Story> {
    const insert = (blocks: readonly StoryBlock[]): StoryBlock[] =>
      blocks.toSpliced(options.at ?? blocks.length, 0, block)
    return await this.edit(id, (story) => ({ ...story, blocks: insert(story.blocks) }), options)
  }

  async replaceBlock(id: number, at: number, block: StoryBlock, options?: CallOptions): Promise<Story> {
    return await this.edit(id, (story) => ({ ...story, blocks: story.blocks.with(at, block) }), options)
  }

  async removeBlock(id: number, at: number, options?: CallOptions): Promise<Story> {
    return await this.edit(id, (story) => ({ ...story, blocks: story.blocks.toSpliced(at, 1) }), options)
  }

  /** @throws {RangeError} When there is no block at `from`. */
  async moveBlock(id: number, from: number, to: number, options?: CallOptions): Promise<Story> {
    return await this.edit(id, (story) => ({ ...story, blocks: move(story.blocks, from, to) }), options)
  }

  /** The story with everything in it, as the server writes it out. */
  async export(id: number, format: 'markdown' | 'html', options?: CallOptions): Promise<string> {
    const place = this.#base + path`${id}/`
    return readText(readBare(await this.#connection.ask(place, { export_format: format }, options)), 'story')
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#connection.delete(this.#base + path`${id}/`, options)
  }
}

function move(blocks: readonly StoryBlock[], from: number, to: number): readonly StoryBlock[] {
  const block = blocks[from]
  if (!block) throw new RangeError(`the story has ${blocks.length} blocks, found no block ${from}`)
  return blocks.toSpliced(from, 1).toSpliced(to, 0, block)
}

function toBody(title: string, blocks: readonly StoryBlock[]): Record<string, unknown> {
  return { title, content: JSON.stringify(blocks.map(writeBlock)) }
}

function toStory(record: WireRecord): Story {
  return {
    id: readId(record),
    title: readText(record, 'title'),
    blocks: toRecords(readJsonText(record, 'content')).map(readBlock),
    labels: readTexts(record, 'labels'),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
