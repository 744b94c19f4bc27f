import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { harFile } from '../../../shared/export/harFile.ts'
import { converse, createLab } from '../capture/lab.ts'
import { openFile } from '../capture/opened.ts'
import { frame, leakySession, mask, openedWith, sessionOf } from './secrets.ts'

function harOf(capture: CaptureReader) {
  const har = harFile(capture)
  if (!har.ok) throw new Error(har.error)
  return { text: [...har.value.text].join(''), notes: har.value.notes }
}

const recordsOf = (capture: CaptureReader) =>
  Array.from({ length: capture.length }, (_, index) => capture.record(index))

function opened(text: string) {
  const imported = openFile(encodeUtf8(text))
  if (!imported.ok) throw new Error(imported.error)
  return imported.value
}

describe('a session as a HAR file', () => {
  it('has its messages as Chrome writes them: whole, in seconds, texts as they are and bytes as base64', () => {
    const capture = sessionOf(
      ...openedWith(null),
      ['clientToServer', frame('größe', { mask, final: false })],
      ['clientToServer', frame('!', { mask, opcode: 'continuation' })],
      ['serverToClient', frame('', { opcode: 'ping' })],
      ['serverToClient', frame(Uint8Array.of(0, 255, 1), { opcode: 'binary' })],
    )
    const [entry] = JSON.parse(harOf(capture).text).log.entries
    expect(entry).toMatchObject({
      _resourceType: 'websocket',
      startedDateTime: '2023-11-14T22:13:20.000Z',
      request: { method: 'GET', url: 'ws://server.example.com/chat', httpVersion: 'HTTP/1.1' },
      response: { status: 101, statusText: 'Switching Protocols' },
      _webSocketMessages: [
        { type: 'send', time: 1_700_000_000.003, opcode: 1, data: 'größe!' },
        { type: 'receive', time: 1_700_000_000.005, opcode: 2, data: 'AP8B' },
      ],
    })
    expect(entry.request.headers).toContainEqual({ name: 'Sec-WebSocket-Version', value: '13' })
  })
  it.each(dialectIds)('of %s gives back the same bytes, times and notes when it is opened', (dialect) => {
    const lab = converse(createLab(dialect))
    lab.note('a note')
    const { capture, problems, notes } = opened(harOf(lab.capture).text)
    expect(recordsOf(capture)).toEqual(recordsOf(lab.capture))
    expect({ problems, notes }).toEqual({ problems: [], notes: [expect.stringContaining('its field _wirestep')] })
  })
  it('gives back what the gate edited and held', () => {
    const leaky = leakySession()
    expect(recordsOf(opened(harOf(leaky).text).capture)).toEqual(recordsOf(leaky))
  })
  it('inflates what was compressed', () => {
    const lab = createLab('rfc6455', 0, createCapture(createMemoryStore()), {})
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'again and again and again' })
    lab.settle()
    const [entry] = JSON.parse(harOf(lab.capture).text).log.entries
    expect(entry._webSocketMessages).toMatchObject([{ type: 'send', opcode: 1, data: 'again and again and again' }])
  })
  it.each([
    ['is no base64', '!!'],
    ['is no recording', 'AAAA'],
  ])('is read by its messages, and says so, when what was kept %s', (_what, pcapng) => {
    const har = JSON.parse(harOf(sessionOf(...openedWith(null), ['serverToClient', frame('hi')])).text)
    har.log._wirestep.pcapng = pcapng
    const { capture, problems } = opened(JSON.stringify(har))
    expect(problems).toEqual([expect.stringContaining('The bytes that Wirestep kept in the HAR cannot be read')])
    expect(capture.connection(1).messageCount).toBe(1)
  })
})
