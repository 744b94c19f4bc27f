import { describe, expect, it } from 'vitest'
import { toolState } from '../../../renderer/app/toolbar.ts'
import { runView } from '../build.ts'

describe('the toolbar', () => {
  it('steps while something is held', () => {
    expect(toolState('step unit', runView()).enabled).toBe(true)
  })

  it('says what to do when nothing is held at the end of a live run', () => {
    expect(toolState('step unit', runView({ next: null })).why).toContain('Send something')
  })

  it('steps through the record in the middle of one, held or not', () => {
    expect(toolState('step byte', runView({ next: null, atEnd: false, live: false })).enabled).toBe(true)
  })

  it('pauses only what runs, and steps only what does not', () => {
    const running = runView({ activity: 'running' })
    expect(toolState('pause', running).enabled).toBe(true)
    expect(toolState('step unit', running).enabled).toBe(false)
    expect(toolState('pause', runView()).enabled).toBe(false)
  })

  it('does not go back from the start', () => {
    expect(toolState('back', runView({ cursor: { record: 0, bytes: 0 } })).enabled).toBe(false)
    expect(toolState('back', runView()).enabled).toBe(true)
  })

  it('can do nothing without a run, and says so', () => {
    expect(toolState('fork', null)).toEqual({ enabled: false, why: 'No run is open.' })
  })
})
