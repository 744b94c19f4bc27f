// The table of behaviours for `WebSocketDraft` in Node. Node 20 has no WebSocket of its own to set it beside: Chromium's is
// in test/e2e/equality.browser.spec.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketDraft } from '../../main/client/index.ts'
import { behaviours } from './behaviours.ts'
import { type ObedientServer, startServer } from './server.ts'

let server: ObedientServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

describe('WebSocketDraft in Node does as the standard has it', () => {
  it.each(behaviours.filter(({ page }) => !page))('$title', async ({ run, gives }) => {
    const subject = { WebSocket: WebSocketDraft as unknown as typeof WebSocket, server: server.url }
    expect(await run(subject)).toEqual(gives)
  })
})
