// Both ends of the relay's benchmark, in a process of their own, so that what is measured beside the wire is the relay.
// It says `{ port }` of its server once it listens. Told `{ port, lanes, writes }` it dials that port, both ends write
// at once, each its lane's head and then `writes` times its lane's block, and when both have it all it says
// `{ seconds }`.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const server = createServer({ noDelay: true })
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

process.on('message', async ({ port, lanes, writes }) => {
  const accepting = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  const [accepted] = await accepting
  const from = performance.now()
  await Promise.all([
    writeAll(client, lanes.clientToServer, writes),
    writeAll(accepted, lanes.serverToClient, writes),
    readAll(accepted, sizeOf(lanes.clientToServer, writes)),
    readAll(client, sizeOf(lanes.serverToClient, writes)),
  ])
  const seconds = (performance.now() - from) / 1000
  const closed = Promise.all([once(client, 'close'), once(accepted, 'close')])
  client.end()
  accepted.end()
  await closed
  process.send({ seconds })
})

process.on('disconnect', () => process.exit())

function sizeOf({ head, block }, writes) {
  return head.length + block.length * writes
}

async function writeAll(socket, { head, block }, writes) {
  socket.write(head)
  for (let written = 0; written < writes; written++) {
    if (!socket.write(block)) await once(socket, 'drain')
  }
}

/** Fails when more comes than was sent. */
function readAll(socket, size) {
  return new Promise((resolve, reject) => {
    let left = size
    socket.on('error', reject)
    socket.on('data', (bytes) => {
      left -= bytes.length
      if (left === 0) resolve()
      if (left < 0) reject(new Error(`${-left} bytes too many came out of the relay`))
    })
  })
}
