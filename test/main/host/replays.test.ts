// Replays typed in the window's console, of the run that is shown.

import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Host } from '../../../main/host/host.ts'
import { openFirstRun, openHost } from '../../../main/host/open.ts'
import { echo } from '../../../main/services/echo.ts'
import { quoteWord } from '../../../shared/commands/words.ts'
import type { Answer } from '../../../shared/ipc/contract.ts'
import { temporaryFolder } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { ownAuthority } from '../net/tls/peers.ts'
import { recordSession, request, response, type Said } from '../replay/sessions.ts'
import { hosted } from '../services/services.ts'

let host: Host

const said: readonly Said[] = [
  ['client', request()],
  ['server', response()],
  ['client', '8185010203046967 6f686e'.replace(' ', '')],
  ['server', '810568656c6c6f'],
]

let folder: string

async function open(): Promise<void> {
  folder = temporaryFolder()
  host = openHost({ kind: 'browser', folder, pickFile: async () => null })
  await openFirstRun(host, quoteWord(recordSession(said)))
}

afterEach(() => host.workspace.shutdown())

async function type(line: string): Promise<string> {
  const result = await host.handle('command', { line })
  if (!result.ok) return result.error
  return (result.value as Answer<'command'>).lines.map(({ text }) => text).join('\n')
}

async function report(): Promise<Answer<'replayed'>> {
  const answer = await host.handle('replayed', {})
  if (!answer.ok) throw new Error(answer.error)
  return answer.value as Answer<'replayed'>
}

describe('replay, in the console', () => {
  it('plays the run that is shown to a server, and keeps the replay as a run beside it', async () => {
    await open()
    const run = host.workspace.current!.id
    const { host: server } = await hosted(echo)
    expect(await type(`replay --to ${server.url}`)).toBe(
      'open\nas recorded: 2 things the server said\nrun 2 holds the replay',
    )
    expect(host.workspace.current?.id).toBe(run)
    expect(host.app().runs.map(({ title }) => title)[1]).toMatch(/^Replay of /)
    expect(await report()).toMatchObject({
      recorded: { run, connection: 1 },
      replayed: { run: 2, connection: 1 },
      differences: 0,
      left: 0,
      rows: 4,
    })
    const names = async (replay: number, from: number, count: number) => {
      const answer = await host.handle('replayRows', { replay, from, count })
      if (!answer.ok) throw new Error(answer.error)
      return (answer.value as Answer<'replayRows'>).rows.map(({ name, difference }) => [name, difference])
    }
    expect(await names(2, 0, 4)).toEqual([
      ['request', null],
      ['response', null],
      ['text', null],
      ['text', null],
    ])
    expect(await names(2, 3, 100)).toEqual([['text', null]])
    expect(await names(1, 0, 4)).toEqual([])
    expect(await type('use 2')).not.toContain('no run')
  })

  it('hands over every row of a long one, wherever it is asked for', async () => {
    const count = 1500
    const frames = Array.from({ length: count }, (_, index): readonly Said[] => {
      const text = Buffer.from(String(index).padStart(5, '0')).toString('hex')
      return [
        ['client', `818500000000${text}`],
        ['server', `8105${text}`],
      ]
    }).flat()
    folder = temporaryFolder()
    host = openHost({ kind: 'browser', folder, pickFile: async () => null })
    await openFirstRun(host, quoteWord(recordSession([...said.slice(0, 2), ...frames])))
    const { host: server } = await hosted(echo)
    await type(`replay --to ${server.url}`)
    expect(await report()).toMatchObject({ rows: 2 + 2 * count, left: 0, differences: 0 })
    const answer = await host.handle('replayRows', { replay: 2, from: 2 * count, count: 100 })
    if (!answer.ok) throw new Error(answer.error)
    const { rows } = answer.value as Answer<'replayRows'>
    expect(rows.map(({ replayed }) => replayed!.preview)).toEqual(['"01499"', '"01499"'])
  })

  it('plays its server to a client, says where meanwhile, and what the client did otherwise', async () => {
    await open()
    const typed = type('replay --listen 0 --timeout 2000')
    await until(() => host.app().replaying?.startsWith('waiting') ?? false)
    const url = host.app().replaying!.replace(/^waiting for a client on /, '')
    const client = new WebSocket(`${url}chat`)
    await once(client, 'open')
    client.send('hallo')
    expect(String((await once(client, 'message'))[0])).toBe('hello')
    client.close()
    expect(await typed).toContain('client → server  text "hello": differs from byte 1 on: 61, was 65')
  })

  it('plays the server over TLS, certified by the authority that the terminal shows too', async () => {
    await open()
    const typed = type('replay --listen 0 --tls --timeout 2000')
    await until(() => host.app().replaying?.startsWith('waiting') ?? false)
    const url = host.app().replaying!.replace('waiting for a client on ', '')
    expect(url).toMatch(/^wss:/)
    const authority = await ownAuthority(folder)
    const client = new WebSocket(`${url}chat`, { ca: authority.certificate })
    await once(client, 'open')
    client.send('hello')
    expect(String((await once(client, 'message'))[0])).toBe('hello')
    client.close()
    expect(await typed).toContain('run 2 holds the replay')
  })

  it('is stopped while it waits, and leaves nothing', async () => {
    await open()
    const typed = type('replay --listen 0')
    await until(() => host.app().replaying?.startsWith('waiting') ?? false)
    expect(await type('replay --listen 0')).toBe('A replay is going on already: stop replay ends it.')
    expect(await type('stop replay')).toBe('the replay is stopped')
    expect(await typed).toBe('The replay was stopped before a client came.')
    expect(host.workspace.runs).toHaveLength(1)
    expect(host.app().replaying).toBeNull()
  })

  it.each([
    ['replay', 'A replay wants --to URL or --listen N, and one of them only.'],
    ['replay --to ws://127.0.0.1:1 --listen 0', 'A replay wants --to URL or --listen N, and one of them only.'],
    ['replay --to ws://127.0.0.1:1', 'Nothing listens on 127.0.0.1:1'],
    ['replay --to ws://127.0.0.1:1 --connection 7', 'There is no connection 7 to replay.'],
    ['replay /nowhere/x.pcapng --to ws://127.0.0.1:1', 'Could not open /nowhere/x.pcapng'],
    ['replay --listen 0 --tls --cert a.pem', '--cert and --key go together.'],
    ['stop replay', 'No replay is going on.'],
  ])('%s is refused with a sentence', async (line, sentence) => {
    await open()
    expect(await type(line)).toContain(sentence)
    expect(host.app().replaying).toBeNull()
    expect(await report()).toBeNull()
  })
})
