import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Counters and times of one system, in Prometheus' terms. */
export interface Metrics {
  readonly registry: Registry
  /** Seconds a request took, by method, declared route and status. */
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>
  /** Seconds a question took, by kind (`search`, `count`, `scroll`, `fields`). */
  readonly searchSeconds: Histogram<'kind'>
  /** Imports that ended, by status. */
  readonly imports: Counter<'status'>
  /** Rows of imports, by what became of them (`stored`, `rejected`, `duplicate`). */
  readonly importRows: Counter<'outcome'>
  readonly importsRunning: Gauge
  /** Events whose marks changed, by kind. */
  readonly marks: Counter<'kind'>
  readonly loginFailures: Counter
}

const SECONDS_BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

/** A fresh set in a registry of its own: two systems in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'timeskein_request_seconds',
      help: 'Time a request took',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS_BUCKETS,
      registers,
    }),
    searchSeconds: new Histogram({
      name: 'timeskein_search_seconds',
      help: 'Time a question about events took',
      labelNames: ['kind'],
      buckets: SECONDS_BUCKETS,
      registers,
    }),
    imports: new Counter({
      name: 'timeskein_imports_total',
      help: 'Imports that ended',
      labelNames: ['status'],
      registers,
    }),
    importRows: new Counter({
      name: 'timeskein_import_rows_total',
      help: 'Rows of imports',
      labelNames: ['outcome'],
      registers,
    }),
    importsRunning: new Gauge({ name: 'timeskein_imports_running', help: 'Imports at work', registers }),
    marks: new Counter({
      name: 'timeskein_marks_total',
      help: 'Events whose marks changed',
      labelNames: ['kind'],
      registers,
    }),
    loginFailures: new Counter({
      name: 'timeskein_login_failures_total',
      help: 'Logins refused',
      registers,
    }),
  }
}
