// Both ends of the relay's benchmark, in a process of their own, so that what is measured beside the wire is the relay.
// It says `{ port }` of its server once it listens. Told `{ port, lanes, writes }` it dials that port, both ends write
// at once, each its lane's head and then `writes` times its lane's block, and when both have it all it says
// `{ seconds }`.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Bytes of one lane. */
const mostUnderWay = 512 * 1024

const server = createServer({ noDelay: true })
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

process.on('message', async ({ port, lanes, writes }) => {
  const accepting = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  const [accepted] = await accepting
  const from = performance.now()
  await Promise.all([
    pass(client, accepted, lanes.clientToServer, writes),
    pass(accepted, client, lanes.serverToClient, writes),
  ])
  const seconds = (performance.now() - from) / 1000
  const closed = Promise.all([once(client, 'close'), once(accepted, 'close')])
  client.end()
  accepted.end()
  await closed
  process.send({ seconds })
})

process.on('disconnect', () => process.exit())

/**
 * Writes a lane's bytes at one end and counts them at the other. It waits while `mostUnderWay` bytes have not come out:
 * with the buffers of the sockets overfull, some systems' congestion control would be what is measured.
 */
function pass(source, destination, { head, block }, writes) {
  const size = head.length + block.length * writes
  let written = head.length
  let read = 0
  const writeOn = () => {
    while (written < size && written - read < mostUnderWay && !source.writableNeedDrain) {
      source.write(block)
      written += block.length
    }
  }
  source.write(head)
  return new Promise((resolve, reject) => {
    for (const socket of [source, destination]) socket.on('error', reject)
    source.on('drain', writeOn)
    destination.on('data', (bytes) => {
      read += bytes.length
      if (read > size) reject(new Error(`${read - size} bytes too many came out of the relay`))
      if (read === size) resolve()
      writeOn()
    })
    writeOn()
  })
}
