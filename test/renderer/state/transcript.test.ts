import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTranscript } from '../../../renderer/state/transcript.ts'

const echo = (line: string) => ({ kind: 'echo', line }) as const
const output = { kind: 'output', lines: [{ tone: 'plain', text: 'done' }] } as const

describe('the transcript', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('tells of a line together with what comes of it, in the order they were added', () => {
    const transcript = createTranscript()
    const told: unknown[] = []
    transcript.watch((entry) => told.push(entry))
    transcript.add(echo('step unit'))
    transcript.add(echo('step byte'))
    expect(told).toEqual([])
    transcript.add(output)
    expect(told).toEqual([echo('step unit'), echo('step byte'), output])
    expect(transcript.entries).toEqual(told)
  })

  it('tells of a line whose output is not there soon, once', () => {
    const transcript = createTranscript()
    const told: unknown[] = []
    const leave = transcript.watch((entry) => told.push(entry))
    transcript.add(echo('run'))
    vi.advanceTimersByTime(100)
    expect(told).toEqual([echo('run')])
    transcript.add(output)
    expect(told).toEqual([echo('run'), output])
    leave()
    transcript.add(output)
    expect(told).toHaveLength(2)
  })
})
