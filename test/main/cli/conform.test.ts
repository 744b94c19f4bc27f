// `wirestep conform` against servers that do not do as they should. Those that do are in test/interop.
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createWorkspace } from '../../../main/lab/workspace.ts'
import { acceptValue } from '../../../shared/handshake/accept.ts'
import { wirestep } from './fakeTerminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-conform-'))
const responseLength = 129

/** Answers the URL of a server that opens as RFC 6455 has it and then does `answer`. */
async function serverThat(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', (request) => {
      const key = /Sec-WebSocket-Key: (\S+)/.exec(request.toString('latin1'))?.[1] ?? ''
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write(`${[...head, `Sec-WebSocket-Accept: ${acceptValue(key)}`].join('\r\n')}\r\n\r\n`)
      answer(socket)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function conform(url: string, cases: string, ...words: readonly string[]) {
  const ran = await wirestep(['conform', '--server', url, '--cases', cases, '--json', '--timeout', '400', ...words])
  const results = ran.out.split('\n').filter(Boolean)
  return { ...ran, results: results.map((line) => JSON.parse(line)) }
}

const silent = () => {}
const closes = (socket: Socket) => socket.once('data', () => socket.end(Buffer.from('880203e8', 'hex')))
const sends = (hex: string) => (socket: Socket) => socket.once('data', () => socket.write(Buffer.from(hex, 'hex')))

describe('wirestep conform, a failing case', () => {
  it('is told with what was expected, what came, the rule and the byte: of ours, where the peer let it pass', async () => {
    const { code, results } = await conform(await serverThat(silent), '3.1')
    expect(code).toBe(1)
    expect(results).toEqual([
      expect.objectContaining({
        case: '3.1',
        verdict: 'fail',
        came: 'the server let it pass: nothing more came within 400 ms',
        at: { lane: 'clientToServer', offset: expect.any(Number) },
        rule: { cite: 'RFC 6455 §5.2', fault: 'frame.reserved-bits' },
      }),
    ])
  })
  it('points at the byte of the peer that broke a rule', async () => {
    const { results } = await conform(await serverThat(sends('c100')), '1.1.1')
    expect(results[0]).toMatchObject({
      verdict: 'fail',
      at: { lane: 'serverToClient', offset: responseLength },
      rule: { cite: 'RFC 6455 §5.2', fault: 'frame.reserved-bits' },
    })
  })
  it('points at the first byte of an answer that is not what was sent', async () => {
    const { results } = await conform(await serverThat(sends('8a0c48656c6c6f2c20776972652f')), '2.2')
    expect(results[0]).toMatchObject({
      verdict: 'fail',
      came: 'a pong came that differs from what was sent from its byte 11 on',
      at: { lane: 'serverToClient', offset: responseLength + 2 + 11 },
    })
  })
  it('that only lacks the right code is not strict, and does not fail the run', async () => {
    const { code, results } = await conform(await serverThat(sends('880203f3')), '5.1')
    expect(code).toBe(0)
    expect(results[0]).toMatchObject({ verdict: 'non-strict', came: 'the server closed with code 1011' })
  })
  it('opens at its byte, says the rule there, and decode prints the same', async () => {
    const { results } = await conform(await serverThat(silent), '3.1')
    const [{ session, at }] = results
    const workspace = createWorkspace({ dataFolder: folder, onChange: () => {}, onError: () => {} })
    onTestFinished(() => workspace.shutdown())
    const run = await workspace.openFile(session)
    if (!run.ok) return expect.unreachable(run.error)
    const view = run.value.view()
    expect(view.noted).toEqual(at)
    expect(view.connections[0]?.lanes.clientToServer.delivered).toBe(at.offset + 1)
    expect(view.warnings[0]).toMatch(/^Case 3\.1, .*: fail\. Expected: .*RFC 6455 §5\.2, frame\.reserved-bits\.$/)
    const { out } = await wirestep(['decode', session])
    const lines = out.split('\n').filter(Boolean)
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ kind: 'note', at, text: view.warnings[0] })
  })
})

describe('wirestep conform', () => {
  it('ends with a sentence for each case when a server says nothing at all', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { code, results } = await conform(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, '1.1.1,2.1')
    expect(code).toBe(1)
    expect(results.map(({ came }) => came)).toEqual([
      'no answer to the opening handshake: nothing more came within 400 ms',
      'no answer to the opening handshake: nothing more came within 400 ms',
    ])
  })
  it('says unsupported where the server does not agree to compress', async () => {
    const { code, results } = await conform(await serverThat(closes), '12.1.1', '--messages', '1')
    expect({ code, verdict: results[0].verdict }).toEqual({ code: 0, verdict: 'unsupported' })
  })
  it('keeps every session in a folder that was asked for, and never in one that is in use', async () => {
    const sessions = join(folder, 'kept')
    const url = await serverThat(sends('8a00'))
    await conform(url, '2.1,2.7', '--sessions', sessions)
    expect(readdirSync(sessions).sort()).toEqual(['2.1.pcapng', '2.7.pcapng'])
    const again = await conform(url, '2.1', '--sessions', sessions)
    expect(again).toMatchObject({
      code: 1,
      err: `The folder ${sessions} is not empty: name a new one for --sessions.\n`,
    })
  })
  it('writes a JUnit report with a failure for each case that fails', async () => {
    const report = join(folder, 'report.xml')
    const { code } = await conform(await serverThat(silent), '3.1', '--junit', report)
    const xml = readFileSync(report, 'utf8')
    expect(code).toBe(1)
    expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites .*tests="1" failures="1"/)
    expect(xml).toMatch(/<testcase classname="conform\.3" name="3\.1 .*"><failure type="RFC 6455 §5\.2" message=".*">/)
    expect(xml.match(/<testsuite /g)).toHaveLength(1)
  })
  it('runs no case when the report cannot be written', async () => {
    const report = join(folder, 'nowhere', 'report.xml')
    const { code, out, err } = await conform(await serverThat(silent), '3.1', '--junit', report)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^Could not write to .*report\.xml: there is no such file or folder\.\n$/)
  })
  it.each([
    [['--server', 'ws://127.0.0.1:1/', '--cases', '8.*'], /^There is no case "8\.\*": .*\.\n$/],
    [['--server', 'ws://127.0.0.1:1/', '--cases', '1.1.1'], /^Nothing listens on 127\.0\.0\.1:1; .*\.\n$/],
    [['--server', 'wss://127.0.0.1:1/'], /asks for TLS, .*\.\n$/],
    [[], /^conform wants --server URL or --client-port N, and one of them only\.\n$/],
    [
      ['--client-port', '0', '--cases', '1.1.1', '--timeout', '50'],
      /^No client connected to port \d+ within 50 ms, .*\.\n$/,
    ],
  ])('%j: one plain sentence', async (words, sentence) => {
    const { code, out, err } = await wirestep(['conform', ...words])
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(sentence) })
    expect(out).not.toContain('section') // nothing ran: there is nothing to count
  })
  it('says when its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, err } = await wirestep(['conform', '--client-port', `${port}`])
    expect({ code, inUse: / is in use by another program/.test(err) }).toEqual({ code: 1, inUse: true })
  })
})
