// Both ends of the relay's benchmark, in a process of their own, so that what is measured beside the wire is the relay.
// It says `{ port }` of its server once it listens. Told `{ port, lanes, writes }` it dials that port; the ends exchange
// the heads of their lanes, then both at once write their lane's block `writes` times, and when all has come out it
// says `{ seconds }`, counted from after the heads.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const server = createServer({ noDelay: true })
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

process.on('message', async ({ port, lanes: { clientToServer, serverToClient }, writes }) => {
  const accepting = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  const [accepted] = await accepting
  await pass(client, accepted, clientToServer.head, 1)
  await pass(accepted, client, serverToClient.head, 1)
  const from = performance.now()
  await Promise.all([
    pass(client, accepted, clientToServer.block, writes),
    pass(accepted, client, serverToClient.block, writes),
  ])
  const seconds = (performance.now() - from) / 1000
  const closed = Promise.all([once(client, 'close'), once(accepted, 'close')])
  client.end()
  accepted.end()
  await closed
  process.send({ seconds })
})

process.on('disconnect', () => process.exit())

/** Settles when as many bytes came out as were written. */
async function pass(source, destination, block, writes) {
  await Promise.all([writeAll(source, block, writes), readAll(destination, block.length * writes)])
}

async function writeAll(socket, block, writes) {
  for (let written = 0; written < writes; written++) {
    if (!socket.write(block)) await once(socket, 'drain')
  }
}

function readAll(socket, size) {
  return new Promise((resolve, reject) => {
    let left = size
    const take = (bytes) => {
      left -= bytes.length
      if (left > 0) return
      socket.off('data', take)
      if (left === 0) resolve()
      else reject(new Error(`${-left} bytes too many came out of the relay`))
    }
    socket.on('error', reject)
    socket.on('data', take)
  })
}
