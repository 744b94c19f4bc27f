// Both ends of the benchmarks of what stands between ends, in a process of their own, so that what is measured beside
// the wire is what stands between. It says `{ port }` of its server once it listens. Told `{ port, lanes, … }` it dials
// that port, and a WebSocket is opened with the heads of the lanes; then, told `writes`, both ends at once write their
// lane's block so often, and when all has come out it says `{ seconds }`, counted from after the heads. Told `trips`,
// the client writes its block and the server answers with its own, so often one after the other: it says
// `{ microseconds }`, of each.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

const server = createServer({ noDelay: true })
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

process.on('message', async ({ port, lanes, writes, trips }) => {
  const ends = await open(port, lanes)
  const answer = writes === undefined ? await travel(ends, lanes, trips) : await flood(ends, lanes, writes)
  const closed = Promise.all(ends.map((end) => once(end, 'close')))
  for (const end of ends) end.end()
  await closed
  process.send(answer)
})

process.on('disconnect', () => process.exit())

async function open(port, { clientToServer, serverToClient }) {
  const accepting = once(server, 'connection')
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  client.write(clientToServer.head)
  const [accepted] = await accepting
  const answer = String(Buffer.from(serverToClient.head)).replace(
    /(Accept: )\S+/,
    `$1${acceptOf(await readHead(accepted))}`,
  )
  accepted.write(answer)
  await readHead(client)
  return [client, accepted]
}

/** RFC 6455 §4.2.2 item 5.4. What stands between may have asked with a key of its own. */
function acceptOf(request) {
  const key = /Sec-WebSocket-Key: (\S+)/i.exec(request)[1]
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** Nobody sends anything behind a head before it was answered. */
async function readHead(socket) {
  let head = ''
  while (!head.endsWith('\r\n\r\n')) head += String((await once(socket, 'data'))[0])
  socket.pause()
  return head
}

async function flood([client, accepted], { clientToServer, serverToClient }, writes) {
  const from = performance.now()
  await Promise.all([
    pass(client, accepted, clientToServer.block, writes),
    pass(accepted, client, serverToClient.block, writes),
  ])
  return { seconds: (performance.now() - from) / 1000 }
}

async function travel([client, accepted], { clientToServer, serverToClient }, trips) {
  const microseconds = []
  for (let trip = 0; trip < trips; trip++) {
    const from = performance.now()
    await pass(client, accepted, clientToServer.block, 1)
    await pass(accepted, client, serverToClient.block, 1)
    microseconds.push((performance.now() - from) * 1000)
  }
  return { microseconds }
}

/** Settles when as many bytes came out as were written. */
async function pass(source, destination, block, writes) {
  await Promise.all([readAll(destination, block.length * writes), writeAll(source, block, writes)])
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
      socket.off('data', take).off('error', reject)
      if (left === 0) resolve()
      else reject(new Error(`${-left} bytes too many came out of the relay`))
    }
    socket.on('error', reject)
    socket.on('data', take)
    socket.resume()
  })
}
