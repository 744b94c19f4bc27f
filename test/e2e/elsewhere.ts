// A server that the window has no business with, and that remembers who asked it anything.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test as base } from './app.ts'

export interface Elsewhere {
  /** Host and port. */
  readonly address: string
  /** Every path that was asked for. */
  readonly asked: readonly string[]
}

export const test = base.extend<{ elsewhere: Elsewhere }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures this one needs
  elsewhere: async ({}, use) => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    await use({ address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked })
    server.closeAllConnections()
    server.close()
  },
})
