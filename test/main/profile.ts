// Ports that the prototype of 2010 could use, for tests.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { firstPort, lastPort } from '../../shared/profile/prototype2010.ts'

/** A port of the prototype's that nobody listens on. */
export async function freePrototypePort(): Promise<number> {
  for (let port = firstPort; port <= lastPort; port += 1) if (await isFree(port)) return port
  throw new Error(`ports ${firstPort} to ${lastPort} are all in use`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
