// What the page of the equality test runs: the table, with the class it is told.
import { behaviours } from './behaviours.ts'

export interface Outcome {
  readonly title: string
  readonly gave: unknown
}

declare global {
  interface Window {
    WebSocketDraft: typeof WebSocket
    runBehaviours(subject: 'WebSocket' | 'WebSocketDraft', server: string): Promise<Outcome[]>
  }
}

window.runBehaviours = async (subject, server) => {
  const outcomes: Outcome[] = []
  for (const { title, run } of behaviours) {
    try {
      outcomes.push({ title, gave: await run({ WebSocket: window[subject], server }) })
    } catch (error) {
      outcomes.push({ title, gave: `${error}` })
    }
  }
  return outcomes
}
