// What a benchmark found, as lines of JSON for scripts/bench.mjs, which makes the table and the page of them.
import { appendFileSync } from 'node:fs'
import { median, type Pair } from './measure.ts'

/** A figure that is to be reached. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number }

interface Section {
  readonly kind: 'section'
  readonly title: string
  /** What is measured, against what, and how. */
  readonly says: string
}

interface Row {
  readonly kind: 'row'
  readonly name: string
  readonly ours: string
  readonly peer: string
  /** Median and range over the pairs. */
  readonly ratio: string
  readonly aim: string
  readonly reached: string
}

/** Begins a part of the report. */
export function section(title: string, says: string): void {
  write({ kind: 'section', title, says })
}

export interface Figures {
  readonly name: string
  readonly ours: string
  readonly peer: string
}

/** A figure of ours beside the peer's. `ratios`: ours over the peer's, one a round. */
export function reportRatio(figures: Figures, ratios: readonly number[], aim?: Aim): void {
  const middle = median(ratios)
  const range = `${times(Math.min(...ratios))}..${times(Math.max(...ratios))}`
  write({ kind: 'row', ...figures, ratio: `${times(middle)} (${range})`, ...against(middle, aim, times) })
}

/** A figure of ours that stands for itself. `unit` follows the number; `beside` is put before it. */
export function reportFigure(name: string, value: number, unit: string, aim?: Aim, beside = ''): void {
  const format = (figure: number) => `${short(figure)} ${unit}`
  write({ kind: 'row', name, ours: beside + format(value), peer: '', ratio: '', ...against(value, aim, format) })
}

export function ratiosOf(pairs: readonly Pair<number>[]): readonly number[] {
  return pairs.map(({ ours, peer }) => ours / peer)
}

/** The medians of both sides, in words. */
export function mediansOf<T>(pairs: readonly Pair<T>[], format: (side: readonly T[]) => string): Omit<Figures, 'name'> {
  return { ours: format(pairs.map(({ ours }) => ours)), peer: format(pairs.map(({ peer }) => peer)) }
}

/** Three figures that count: `48,800,000`, `12.3`, `0.75`. */
export function short(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}

function times(value: number): string {
  return `${value.toFixed(2)}×`
}

function against(
  value: number,
  aim: Aim | undefined,
  format: (figure: number) => string,
): Pick<Row, 'aim' | 'reached'> {
  if (aim === undefined) return { aim: '', reached: '' }
  const [word, wanted] = 'atLeast' in aim ? ['at least', aim.atLeast] : ['at most', aim.atMost]
  const reached = 'atLeast' in aim ? value >= wanted : value <= wanted
  const missing = format(Math.abs(value - wanted))
  return { aim: `${word} ${format(wanted)}`, reached: reached ? 'yes' : `no, falls short by ${missing}` }
}

function write(line: Section | Row): void {
  const { WIRESTEP_BENCH_REPORT: file } = process.env
  if (!file) throw new Error('run the benchmarks with npm run bench, which says where their report goes')
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
