import type { DetectReport, TechniqueCoverage } from '../contract/detect-report.ts'

/** What a layer is called. */
export interface NavigatorOptions {
  readonly name: string
  /** @default told from the report */
  readonly description?: string
}

/** A layer file of MITRE's ATT&CK Navigator (layer format 4.5); `JSON.stringify` makes the file. */
export interface NavigatorLayer {
  readonly name: string
  readonly versions: { readonly layer: string; readonly navigator: string; readonly attack: string }
  readonly domain: 'enterprise-attack'
  readonly description: string
  readonly sorting: number
  readonly techniques: readonly NavigatorTechnique[]
  readonly gradient: {
    readonly colors: readonly string[]
    readonly minValue: number
    readonly maxValue: number
  }
  readonly legendItems: readonly { readonly label: string; readonly color: string }[]
}

/** A technique of a layer; its score is how many rules of it found something. */
export interface NavigatorTechnique {
  readonly techniqueID: string
  readonly score: number
  readonly color: string
  readonly comment: string
  readonly enabled: boolean
  readonly metadata: readonly { readonly name: string; readonly value: string }[]
  readonly showSubtechniques: boolean
}

const MATCHED = '#d62728'
const ABLE = '#8fbcdb'
const UNABLE = '#e0e0e0'
/** Highest first, as the Navigator's own sorting 3 does. */
const SORT_BY_SCORE = 3

/** Makes a layer of a report: which techniques rules found, which they could have found, and which not with these events. */
export function toNavigatorLayer(
  report: Pick<DetectReport, 'techniques' | 'events' | 'rules' | 'hits'>,
  options: NavigatorOptions,
): NavigatorLayer {
  const { techniques, events, rules, hits } = report
  return {
    name: options.name,
    versions: { layer: '4.5', navigator: '5.1.0', attack: '17' },
    domain: 'enterprise-attack',
    description: options.description ?? `${rules} Sigma rules over ${events} events: ${hits} hits`,
    sorting: SORT_BY_SCORE,
    techniques: techniques.map(toTechnique),
    gradient: {
      colors: [ABLE, MATCHED],
      minValue: 0,
      maxValue: Math.max(1, ...techniques.map(({ matched }) => matched)),
    },
    legendItems: [
      { label: 'rules found events', color: MATCHED },
      { label: 'rules could have found events', color: ABLE },
      { label: 'no rule could find anything in these events', color: UNABLE },
    ],
  }
}

function toTechnique({ technique, rules, able, matched, hits }: TechniqueCoverage): NavigatorTechnique {
  return {
    techniqueID: technique,
    score: matched,
    color: matched > 0 ? MATCHED : able > 0 ? ABLE : UNABLE,
    comment: `${matched} of ${rules} rules found ${hits} hits; ${able} could have`,
    enabled: true,
    metadata: [
      { name: 'rules', value: String(rules) },
      { name: 'able', value: String(able) },
      { name: 'matched', value: String(matched) },
      { name: 'hits', value: String(hits) },
    ],
    showSubtechniques: false,
  }
}
