import type { Pipeline, RuleMeta, SigmaDocument, SigmaPlace } from '@timeskein/query/sigma'

/** What the library keeps versions of: what a file of rules has, and processing pipelines. */
export type LibraryDocument = SigmaDocument | PipelineDocument

/** A processing pipeline, by what it says of itself; a library knows it by its name. */
export interface PipelineDocument {
  readonly kind: 'pipeline'
  readonly meta: Pick<
    RuleMeta,
    'title' | 'id' | 'name' | 'description' | 'status' | 'level' | 'author' | 'tags'
  >
  readonly place: SigmaPlace
}

/** A pipeline that was read, as a document of the library. */
export function describePipeline({ name }: Pipeline, file: string): PipelineDocument {
  return {
    kind: 'pipeline',
    meta: {
      title: name,
      id: undefined,
      name: undefined,
      description: undefined,
      status: undefined,
      level: undefined,
      author: undefined,
      tags: [],
    },
    place: { file, line: 1, column: 1 },
  }
}
