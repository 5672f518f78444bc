import { AUTOMATIC_JUMP_LIST_FORMAT } from '../jump-lists/automatic-format.ts'
import { CUSTOM_JUMP_LIST_FORMAT } from '../jump-lists/custom-format.ts'
import { LNK_FORMAT } from '../lnk/lnk-format.ts'
import { PREFETCH_FORMAT } from '../prefetch/prefetch-format.ts'
import { RECYCLE_BIN_FORMAT } from '../recycle-bin/recycle-bin-format.ts'
import { REGISTRY_FORMAT } from '../registry/registry-format.ts'
import type { ArtefactFormat } from './artefact-format.ts'

/** Artefacts that are read as a whole; where several match, the first counts. */
export const ARTEFACT_FORMATS: readonly ArtefactFormat[] = [
  REGISTRY_FORMAT,
  PREFETCH_FORMAT,
  LNK_FORMAT,
  RECYCLE_BIN_FORMAT,
  AUTOMATIC_JUMP_LIST_FORMAT,
  CUSTOM_JUMP_LIST_FORMAT,
]
