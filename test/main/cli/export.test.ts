import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { allSteps } from '../../../shared/bytes/steps.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { emitPart } from '../../../shared/export/part.ts'
import { converse, createLab } from '../../shared/capture/lab.ts'
import { frame, leakySession, mask, openedWith, secret, sessionOf } from '../../shared/export/secrets.ts'
import { wirestep } from './fakeTerminal.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirestep-export-'))
})

const at = (name: string) => join(folder, name)

function saved(capture: Capture, name = 'session.pcapng'): string {
  const store = createMemoryStore()
  allSteps(emitPart(capture, { connection: null, matcher: null, redaction: null }, createCapture(store).append))
  writeFileSync(at(name), store.read(0, store.size))
  return at(name)
}

async function exported(session: string, name: string, ...more: readonly string[]) {
  const ran = await wirestep(['export', session, '--to', at(name), ...more])
  expect(ran).toMatchObject({ code: 0, out: `${at(name)}\n` })
  return { text: readFileSync(at(name), 'utf8'), bytes: readFileSync(at(name)), err: ran.err }
}

async function decoded(path: string, ...more: readonly string[]) {
  const { out } = await wirestep(['decode', path, ...more])
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const chat = () =>
  saved(
    sessionOf(
      ...openedWith(null),
      ['clientToServer', frame('hello', { mask })],
      ['serverToClient', frame('part ', { final: false })],
      ['serverToClient', frame('bye', { opcode: 'continuation' })],
      ['serverToClient', frame('', { opcode: 'ping' })],
    ),
  )

describe('export', () => {
  it('writes pcapng as it was recorded', async () => {
    const session = saved(converse(createLab('rfc6455')).capture)
    expect((await exported(session, 'copy.pcapng')).bytes.equals(readFileSync(session))).toBe(true)
  })
  it('writes the same lines as decode prints with fields', async () => {
    const session = chat()
    const { text } = await exported(session, 'lines.jsonl')
    expect(text).toBe((await wirestep(['decode', session, '--fields'])).out)
    const picked = await exported(session, 'picked.jsonl', '--filter', 'opcode ping')
    expect(picked.text).toBe((await wirestep(['decode', session, '--fields', '--filter', 'opcode ping'])).out)
  })
  it('writes only what a filter picks, with the handshake and whole messages, so that it opens again', async () => {
    const { err } = await exported(chat(), 'part.pcapng', '--filter', '"bye"')
    expect(
      (await decoded(at('part.pcapng'))).map(({ kind, opcodeName, faults }) => [opcodeName ?? kind, faults]),
    ).toEqual([
      ['request', []],
      ['response', []],
      ['text', []],
      ['continuation', []],
    ])
    expect(err).toContain('2 units match and were written with their handshakes; 2 were left out.')
  })
  it('tells what a page has no room for, as the page does', async () => {
    const pings = Array.from({ length: 1010 }, () => ['serverToClient', frame('', { opcode: 'ping' })] as const)
    const session = saved(sessionOf(...openedWith(null), ...pings), 'long.pcapng')
    const { err, text } = await exported(session, 'long.html')
    const sentence = 'The page shows the first 1000 rows; 12 more were left out: export a part, with --connection or'
    expect(err).toContain(sentence)
    expect(text).toContain(sentence)
  })
  it('writes only one connection', async () => {
    const store = createCapture(createMemoryStore())
    converse(createLab('rfc6455', 0, store))
    createLab('hello-00', 1, store).settle()
    const session = saved(store)
    await exported(session, 'one.pcapng', '--connection', '1')
    expect(new Set((await decoded(at('one.pcapng'))).map(({ connection }) => connection))).toEqual(new Set([1]))
    const { text } = await exported(session, 'one.html', '--connection', '1')
    expect(text).toContain('Connection 1')
    expect(text).not.toContain('Connection 0')
  })
  it('writes a HAR file that opens as the session it was', async () => {
    const session = chat()
    await exported(session, 'chat.har')
    expect(await decoded(at('chat.har'))).toEqual(await decoded(session))
  })
  it.each(['pcapng', 'har', 'jsonl', 'html'])('writes %s without a secret, in no form', async (format) => {
    const session = saved(leakySession(), `${secret.slice(0, 5)}.pcapng`)
    const { bytes, err } = await exported(session, 'clean', '--format', format, '--redact', 'header:cookie')
    expect(bytes.includes(secret)).toBe(false)
    for (const part of [secret, `held ${secret}`]) {
      expect(bytes.includes(Buffer.from(part).toString('base64').slice(0, 12))).toBe(false)
      expect(bytes.toString('latin1').toLowerCase()).not.toContain(Buffer.from(secret).toString('hex'))
      expect(bytes.toString('latin1')).not.toContain(Buffer.from(secret).toString('hex').match(/../g)!.join(' '))
    }
    if (format === 'har') {
      const kept = Buffer.from(JSON.parse(bytes.toString()).log._wirestep.pcapng, 'base64')
      expect(kept.includes(secret)).toBe(false)
    }
    expect(err).toContain('Blanked in')
  })
  it.each([
    ['its name tells no format', ['--to', 'x.bin'], 'does not tell the format'],
    ['its connection is not there', ['--to', 'x.har', '--connection', '9'], 'There is no connection 9'],
    ['its filter cannot be read', ['--to', 'x.har', '--filter', 'size 3'], '--filter: "3" at column 6'],
    ['nothing matches', ['--to', 'x.har', '--filter', '"nowhere"'], 'Nothing in the session matches'],
    ['what is to be blanked makes no sense', ['--to', 'x.har', '--redact', 'cookie'], '--redact has to be header:'],
  ])('is refused when %s', async (_why, words, says) => {
    const { code, err } = await wirestep(['export', chat(), ...words])
    expect(code).toBe(1)
    expect(err).toContain(says)
  })
  it('never writes over the session it reads', async () => {
    const session = chat()
    const { code, err } = await wirestep(['export', session, '--to', session])
    expect({ code, err }).toEqual({ code: 1, err: `${session} is the file of this session: choose another name.\n` })
  })
})
