// `wirestep survive`: a table, and a sentence for each that does not get through.
import { describe, expect, it } from 'vitest'
import { wirestep } from './fakeTerminal.ts'

const few = ['survive', '--dialects', 'hixie-76,hello-00', '--via', 'relay,reverse-proxy']

describe('wirestep survive', () => {
  it('shows which dialects get through what, and where the others break', async () => {
    const { code, out, err } = await wirestep(few)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')).toEqual([
      '          relay     reverse-proxy',
      'hixie-76  survives  handshake fails',
      'hello-00  survives  survives',
      '',
      expect.stringMatching(/^hixie-76 behind reverse-proxy: handshake fails at step 4 \(server → client, 101/),
      '',
    ])
  })

  it('prints one JSON line for each', async () => {
    const { out } = await wirestep([...few, '--json'])
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ dialect, via, outcome }) => [dialect, via, outcome])).toEqual([
      ['hixie-76', 'relay', 'survives'],
      ['hixie-76', 'reverse-proxy', 'fails'],
      ['hello-00', 'relay', 'survives'],
      ['hello-00', 'reverse-proxy', 'survives'],
    ])
  })
})
