import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { UseCaseReport } from '../access'

/** Numbers that are looked up when somebody asks for them. */
export interface MetricSources {
  poolSizes(): { readonly total: number; readonly idle: number; readonly waiting: number }
  /** Messages that are due and not delivered, and for how many seconds the oldest has been. May reject. */
  measureBacklog(): Promise<{ readonly waiting: number; readonly oldestSeconds: number }>
}

/** One answered request; `route` is the template, never the path, so that ids do not become label values. */
export interface AnsweredRequest {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** What one process counts, in Prometheus' text format. */
export interface Metrics {
  countRequest(request: AnsweredRequest): void
  countUseCase(report: UseCaseReport): void
  /** @returns  the exposition text and its content type */
  print(): Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the metrics of one application, in a registry of its own. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const requestSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers: [registry],
  })
  const useCaseSeconds = new Histogram({
    name: 'use_case_seconds',
    help: 'Time of a use case with its transaction; outcome is OK or the code of the refusal.',
    labelNames: ['use_case', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  })
  new Gauge({
    name: 'database_connections',
    help: 'Connections of the pool by state; waiting counts callers without one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(sources.poolSizes())) this.set({ state }, count)
    },
  })
  const dueMessages = new Gauge({
    name: 'outbox_due_messages',
    help: 'Messages of the installation that are due and not delivered; the same from every process.',
    registers: [registry],
  })
  const oldestDueSeconds = new Gauge({
    name: 'outbox_oldest_due_seconds',
    help: 'For how long the oldest due message has been waiting; 0 when none is due.',
    registers: [registry],
  })
  const measureOutbox = async (): Promise<void> => {
    try {
      const { waiting, oldestSeconds } = await sources.measureBacklog()
      dueMessages.set(waiting)
      oldestDueSeconds.set(oldestSeconds)
    } catch {
      // Nothing is better than an old number, and the rest of the page says what is wrong.
      dueMessages.remove()
      oldestDueSeconds.remove()
    }
  }
  return {
    countRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status })
      requestSeconds.observe({ method, route }, seconds)
    },
    countUseCase: ({ useCase, outcome, milliseconds }) =>
      useCaseSeconds.observe({ use_case: useCase, outcome }, milliseconds / 1000),
    async print() {
      await measureOutbox()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
