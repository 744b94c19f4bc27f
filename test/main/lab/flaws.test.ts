// A careless client in the lab, and one that connects to others' servers.
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { openTerminal, wirestep } from '../cli/fakeTerminal.ts'
import { must, openWorkspace, runAll } from './labs.ts'

describe('a lab with a careless client', () => {
  it('shows the key that comes again, also in a fork and from a file', async () => {
    const workspace = openWorkspace()
    const run = must(await workspace.openLab({ dialect: 'rfc6455', seed: 7, flaw: 'same-mask' }))
    const codes = ({ capture }: typeof run) => capture.connection(1).faults.map(({ code }) => code)
    await runAll(run)
    for (const text of ['one', 'two']) must(await run.act('client', { kind: 'sendText', text }))
    await runAll(run)
    expect(codes(run)).toEqual(['mask.repeated'])
    const fork = must(await run.fork()).run
    must(await fork.act('client', { kind: 'sendText', text: 'three' }))
    await runAll(fork)
    expect(codes(fork)).toEqual(['mask.repeated'])
    const { path } = run.view()
    await run.close()
    expect(codes(must(await workspace.openFile(path)))).toEqual(['mask.repeated'])
  })

  it('shows at the gate, before a byte has passed, that the client does not wait', async () => {
    const run = must(await openWorkspace().openLab({ dialect: 'rfc6455', seed: 7, flaw: 'no-wait' }))
    expect(run.capture.connection(1).faults.map(({ code }) => code)).toEqual(['head.data-before-answer'])
    expect(run.capture.connection(1).deliveredLengthAt('clientToServer', run.capture.end)).toBe(0)
  })

  it('refuses what its dialect has nothing to be careless with, in a sentence', async () => {
    const { code, out, err } = await wirestep(['lab', 'hixie-76', '--script', '-', '--flaw', 'same-mask'], 'run')
    expect({ code, out, err }).toEqual({
      ...{ code: 1, out: '' },
      err: 'Clients of hixie-76 mask nothing, so none can use a key again.\n',
    })
  })
})

describe('a careless client of the terminal', () => {
  it('has its second nonce told of by a tap, with the connection that had it', async () => {
    const server = openTerminal()
    const serving = runProgram(['serve', '--dialect', 'rfc6455', '--port', '0', '--json'], server.terminal)
    const { url } = JSON.parse(await server.line((line) => line.includes('listening')))
    const tap = openTerminal()
    const tapping = runProgram(['tap', '--listen', '0', '--upstream', url, '--json'], tap.terminal)
    const listening = JSON.parse(await tap.line((line) => line.includes('listening')))
    for (let count = 0; count < 2; count += 1) {
      const words = ['--dialect', 'rfc6455', '--flaw', 'same-nonce', '--send', 'hi', '--expect', '1']
      const said = await wirestep(['connect', listening.url, ...words])
      expect(said).toMatchObject({ code: 0, err: '' })
    }
    const told = JSON.parse(await tap.line((line) => line.includes('head.nonce-repeated')))
    expect(told).toMatchObject({ connection: 2 })
    tap.interrupt()
    server.interrupt()
    await Promise.all([serving, tapping])
  })
})
