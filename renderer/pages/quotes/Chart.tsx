import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type StockSymbol, symbols } from '../../../shared/samples/quotes.ts'
import type { Course } from './market.ts'

/** A token of each symbol's line. */
export const lineTokens: Readonly<Record<StockSymbol, string>> = {
  ACME: '--client',
  BOLT: '--server',
  CRUX: '--warning',
  DUNE: '--c-start',
  ECHO: '--fault',
  FLUX: '--c-nonce',
  GLOW: '--c-flag',
  HALO: '--c-digest',
}

function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim()
}

function axis(): uPlot.Axis {
  const grid = { stroke: colour('--line'), width: 1 }
  return { stroke: colour('--dim'), grid, ticks: grid, font: '11px "Inter Variable", sans-serif' }
}

function optionsFor({ clientWidth: width, clientHeight: height }: HTMLElement): uPlot.Options {
  return {
    ...{ width, height, legend: { show: false }, cursor: { show: false } },
    axes: [axis(), { ...axis(), size: 54 }],
    series: [
      {},
      ...symbols.map((symbol) => ({
        label: symbol,
        stroke: colour(lineTokens[symbol]),
        width: 1.5,
        points: { show: false },
      })),
    ],
  }
}

function dataOf({ times, prices }: Course): uPlot.AlignedData {
  return [[...times], ...symbols.map((symbol) => [...prices[symbol]])]
}

/** The course of the prices, as it grows. What it shows stands in the table too. */
export function Chart({ course, theme }: { readonly course: Course; readonly theme: string }) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = holder.current
    if (!element) return
    const made = new uPlot(optionsFor(element), [[]], element)
    plot.current = made
    const resize = () => made.setSize({ width: element.clientWidth, height: element.clientHeight })
    const watcher = new ResizeObserver(resize)
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      made.destroy()
    }
  }, [theme])
  useEffect(() => {
    plot.current?.setData(dataOf(course))
  }, [course])
  return <div className="chart" ref={holder} role="img" aria-label="The course of the prices in the last 30 seconds" />
}
