// The scenario of a comparison: lines of the console that make an end do something.
import { failure, type Result, success } from '../ipc/result.ts'
import { parseLine } from './grammar.ts'
import type { Call, CommandOn } from './registry.ts'

/** Text from each end, a message in fragments, a ping, and a close. */
export const defaultScenario: readonly string[] = [
  'send client text hello',
  'send server text hello to you',
  'send client text "in three parts" --fragments 3',
  'ping client are you there',
  'close client',
]

export interface ScenarioStep {
  readonly line: string
  readonly call: ScenarioCall
}

const acting = ['send', 'ping', 'pong', 'close', 'end client', 'end server'] as const satisfies CommandOn<'console'>[]
export type ScenarioCall = Call<(typeof acting)[number]>

/** Most steps of a scenario. */
const mostSteps = 200

/**
 * Reads a script as `lab --script` has it. Blank lines, `#` lines and `run` are passed over, since everything held is
 * let through after each line. A failure names the line.
 */
export function readScenario(lines: readonly string[]): Result<readonly ScenarioStep[]> {
  const steps: ScenarioStep[] = []
  for (const [index, line] of lines.entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const call = parseLine(line)
    if (!call.ok) return failure(`Line ${index + 1}: ${call.error}`)
    if (call.value.name === 'run') continue
    if (!isActing(call.value)) {
      return failure(
        `Line ${index + 1}: ${call.value.name} is not for a comparison, which lets everything through by itself: use ${acting.join(', ')}.`,
      )
    }
    steps.push({ line: line.trim(), call: call.value })
  }
  if (steps.length > mostSteps)
    return failure(`The scenario has ${steps.length} steps: a comparison takes ${mostSteps}.`)
  return success(steps)
}

function isActing(call: Call): call is ScenarioCall {
  return acting.some((name) => name === call.name)
}
