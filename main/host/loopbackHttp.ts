// HTTP on 127.0.0.1, for whatever this process shows to browsers of this machine.
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { listenProblem } from '../net/sentences.ts'
import type { Page } from './pages.ts'

export const loopback = '127.0.0.1'

/** Answers the port that it got; 0 takes a free one. Fails with a sentence when the port cannot be had. */
export function listenHttp(server: Server, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(failure(listenProblem(error, { host: loopback, port }))))
    server.listen(port, loopback, () => resolve(success((server.address() as AddressInfo).port)))
  })
}

/** Settles when it listens no more and every connection is closed, those that were upgraded too. */
export function closeHttp(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  for (const socket of upgraded) socket.destroy()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

export function writePage(response: ServerResponse, page: Page): void {
  response.writeHead(page.status, { ...page.headers, 'content-length': page.body.length })
  response.end(page.body)
}

/** Turns a request for an upgrade away. */
export function forbidUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
}
