import type { ConfigFolder } from '../config/config-folder.ts'
import { type ContextLinks, readContextLinks } from './context-links.ts'
import { readTagMetadata, type TagMetadata } from './tag-metadata.ts'

/** What the house knows of tags and of fields, for everybody; from the configuration of the data directory. */
export interface IntelligenceService {
  tagMetadata(): Promise<TagMetadata>
  contextLinks(): Promise<ContextLinks>
}

/** Reads it when it is asked for. */
export function createIntelligenceService(config: ConfigFolder): IntelligenceService {
  return {
    tagMetadata: () => readTagMetadata(config),
    contextLinks: () => readContextLinks(config),
  }
}
