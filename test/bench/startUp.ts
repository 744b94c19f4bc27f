// How long an Electron app takes from the start of its process to its first contentful paint, and to that of what it is
// started for. It is asked through the remote debugging port, and only afterwards: a test driver would hold the start up.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** Wall clock times in milliseconds, or what there is between two of them. */
export interface Paints {
  /** The first contentful paint. */
  readonly first: number
  /** The largest contentful paint: nothing larger came until what the app is started for was there. */
  readonly largest: number
}

/** Settles with `Paints` once `selector` finds something and two frames have passed. */
const askForPaints = (selector: string) => `(async () => {
  const frame = () => new Promise(requestAnimationFrame)
  while (!document.querySelector(${JSON.stringify(selector)})) await frame()
  await frame()
  await frame()
  const last = (type) => new Promise((resolve) => {
    new PerformanceObserver((list, observer) => {
      observer.disconnect()
      resolve(performance.timeOrigin + list.getEntries().at(-1).startTime)
    }).observe({ type, buffered: true })
  })
  return { first: await last('paint'), largest: await last('largest-contentful-paint') }
})()`

/** Milliseconds after which an app that was not painted is ended. */
const startLimit = 30_000

/** Milliseconds between two looks for the page: rarely enough not to be felt by the app that starts. */
const askAgainAfter = 50

export interface ElectronApp {
  readonly electron: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** How that of its page ends. */
  readonly title: string
  /** Finds what the app is started for. */
  readonly selector: string
}

/** Milliseconds from the start of the process to the paints; the app is closed again. */
export async function timeToPaints({ electron, args, env, title, selector }: ElectronApp): Promise<Paints> {
  const started = performance.timeOrigin + performance.now()
  const signal = AbortSignal.timeout(startLimit)
  const app = spawn(electron, ['--remote-debugging-port=0', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const { first, largest } = await paintTimes(await debuggingPort(app, signal), title, selector, signal)
    return { first: first - started, largest: largest - started }
  } finally {
    const gone = once(app, 'exit')
    if (app.exitCode === null && app.signalCode === null && app.kill()) await gone
  }
}

async function debuggingPort(app: ChildProcess, signal: AbortSignal): Promise<string> {
  const lines: string[] = []
  for await (const line of createInterface({ input: app.stderr!, signal })) {
    const port = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1]
    if (port) return port
    lines.push(line)
  }
  throw new Error(`Electron ended without opening its debugging port:\n${lines.join('\n')}`)
}

async function paintTimes(port: string, title: string, selector: string, signal: AbortSignal): Promise<Paints> {
  const socket = new WebSocket(await pageUrl(port, title, signal))
  await once(socket, 'open', { signal })
  const params = { expression: askForPaints(selector), awaitPromise: true, returnByValue: true }
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
  const [answer] = (await once(socket, 'message', { signal })) as [Buffer]
  socket.close()
  const { result } = JSON.parse(answer.toString()).result as { readonly result: { readonly value?: Paints } }
  if (result.value === undefined) throw new Error(`the page did not tell when it was painted: ${answer}`)
  return result.value
}

interface Target {
  readonly type: string
  readonly title: string
  readonly webSocketDebuggerUrl: string
}

/** Where the page listens. Only a page that has its title has its document: an earlier question would go to another. */
async function pageUrl(port: string, title: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`, { signal })).json()) as readonly Target[]
    const page = targets.find((target) => target.type === 'page' && target.title.endsWith(title))
    if (page) return page.webSocketDebuggerUrl
    await sleep(askAgainAfter, undefined, { signal })
  }
}
