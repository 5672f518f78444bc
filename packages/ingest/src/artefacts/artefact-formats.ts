import { REGISTRY_FORMAT } from '../registry/registry-format.ts'
import type { ArtefactFormat } from './artefact-format.ts'

/** Artefacts that are read as a whole; where several match, the first counts. */
export const ARTEFACT_FORMATS: readonly ArtefactFormat[] = [REGISTRY_FORMAT]
