import type { CorrelationType } from '@timeskein/query/sigma'
import type { CorrelationItem } from './correlation-item.ts'

/** A figure of the items in a window, kept up to date as items come in and leave in the order of time. */
export interface WindowFigure {
  enter(item: CorrelationItem<unknown>): void
  leave(item: CorrelationItem<unknown>): void
  /** Undefined where there is nothing to reckon with. */
  read(): number | undefined
}

/** Makes the figure of a kind of correlation that has one. */
export function makeFigure(type: CorrelationType, percentile: number | undefined): WindowFigure {
  switch (type) {
    case 'value_count':
      return new DistinctCount()
    case 'value_sum':
    case 'value_avg':
      return new Sum(type === 'value_avg')
    case 'value_percentile':
      return new Quantile(percentile ?? 50)
    case 'value_median':
      return new Quantile(50)
    default:
      return new EventCount()
  }
}

class EventCount implements WindowFigure {
  #count = 0

  enter(): void {
    this.#count++
  }

  leave(): void {
    this.#count--
  }

  read(): number {
    return this.#count
  }
}

class DistinctCount implements WindowFigure {
  readonly #counts = new Map<string, number>()

  enter({ value }: CorrelationItem<unknown>): void {
    if (value !== undefined) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
  }

  leave({ value }: CorrelationItem<unknown>): void {
    if (value === undefined) return
    const left = this.#counts.get(value)! - 1
    if (left === 0) this.#counts.delete(value)
    else this.#counts.set(value, left)
  }

  read(): number {
    return this.#counts.size
  }
}

function numberOf({ value }: CorrelationItem<unknown>): number | undefined {
  if (value === undefined || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

class Sum implements WindowFigure {
  readonly #isMean: boolean
  #sum = 0
  #count = 0

  constructor(isMean: boolean) {
    this.#isMean = isMean
  }

  enter(item: CorrelationItem<unknown>): void {
    this.#add(numberOf(item), 1)
  }

  leave(item: CorrelationItem<unknown>): void {
    this.#add(numberOf(item), -1)
  }

  read(): number | undefined {
    if (this.#count === 0) return undefined
    return this.#isMean ? this.#sum / this.#count : this.#sum
  }

  #add(number: number | undefined, times: 1 | -1): void {
    if (number === undefined) return
    this.#sum += times * number
    this.#count += times
    // What adding and taking away of doubles leaves over.
    if (this.#count === 0) this.#sum = 0
  }
}

/** The value below which so many of a hundred lie: between two of them, in proportion. */
class Quantile implements WindowFigure {
  readonly #share: number
  readonly #sorted: number[] = []

  constructor(percentile: number) {
    this.#share = percentile / 100
  }

  enter(item: CorrelationItem<unknown>): void {
    const number = numberOf(item)
    if (number !== undefined) this.#sorted.splice(this.#placeOf(number), 0, number)
  }

  leave(item: CorrelationItem<unknown>): void {
    const number = numberOf(item)
    if (number !== undefined) this.#sorted.splice(this.#placeOf(number), 1)
  }

  read(): number | undefined {
    const { length } = this.#sorted
    if (length === 0) return undefined
    const place = this.#share * (length - 1)
    const below = this.#sorted[Math.floor(place)]!
    const above = this.#sorted[Math.ceil(place)]!
    return below + (above - below) * (place - Math.floor(place))
  }

  #placeOf(number: number): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle]! < number) low = middle + 1
      else high = middle
    }
    return low
  }
}
