import { describe, expect, it } from 'vitest'
import { completeLine } from '../../../shared/commands/complete.ts'
import { parseLine } from '../../../shared/commands/grammar.ts'
import { commandNamed, commandNames, commandsOn, usage } from '../../../shared/commands/registry.ts'
import { quoteWord, splitWords } from '../../../shared/commands/words.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'

function parsed(line: string) {
  const result = parseLine(line)
  if (!result.ok) throw new Error(result.error)
  return result.value
}

function refused(line: string): string {
  const result = parseLine(line)
  if (result.ok) throw new Error(`${line} was accepted as ${JSON.stringify(result.value)}`)
  return result.error
}

function words(line: string) {
  const result = splitWords(line)
  return result.ok ? result.value.map((word) => word.text) : result.error
}

describe('words of a line', () => {
  it('are cut at white space, and quotes keep it', () => {
    expect(words(`a  "b c" 'd e' f"g h"i`)).toEqual(['a', 'b c', 'd e', 'fg hi'])
  })
  it('know escapes in double quotes only, so that paths can be typed as they are', () => {
    expect(words(String.raw`"a\n\x41\u{1F600}\"" 'a\n' C:\new\x.pcapng`)).toEqual([
      'a\nA\u{1F600}"',
      String.raw`a\n`,
      String.raw`C:\new\x.pcapng`,
    ])
  })
  it('are refused with the column when a quote stays open', () => {
    expect(words('send "abc')).toBe('The quote " at column 6 is never closed: add " where the text ends.')
  })
  it('are refused with the column when an escape is unknown', () => {
    expect(words(String.raw`"a\q"`)).toMatch(/^\\q at column 3 is not an escape/)
  })
  it.each(['a', 'a b', "it's", 'say "no"', `it's "\\"`, '', '--x'])('quoteWord(%j) is read back as it was', (text) => {
    expect(words(quoteWord(text))).toEqual([text])
  })
})

describe('a line of the console', () => {
  it('takes a command of two words, its argument and its option in any order', () => {
    const call = { name: 'step unit', args: { count: 2, lane: 'serverToClient' } }
    expect(parsed('step unit 2 --lane server')).toEqual(call)
    expect(parsed('  step   unit --lane=serverToClient 2 ')).toEqual(call)
  })
  it('gives what was left out its default', () => {
    expect(parsed('step byte')).toEqual({ name: 'step byte', args: { count: 1, lane: undefined } })
    expect(parsed('lab')).toMatchObject({ args: { dialect: 'hello-00', seed: undefined } })
  })
  it('takes an argument as an option of its name', () => {
    expect(parsed('lab --dialect rfc6455 --seed 7')).toMatchObject({ args: { dialect: 'rfc6455', seed: 7 } })
  })
  it('tells end from end client', () => {
    expect(parsed('end').name).toBe('end')
    expect(parsed('end client').name).toBe('end client')
  })
  it('joins the words of a text, and keeps quoted ones as they are', () => {
    expect(parsed('send client text hello   world')).toMatchObject({ args: { data: 'hello world' } })
    expect(parsed('send client text "hello   world"')).toMatchObject({ args: { data: 'hello   world' } })
    expect(parsed('note --really and "--so"')).toMatchObject({ args: { text: '--really and --so' } })
  })
  it('knows options before a text', () => {
    expect(parsed('send client text --fragments 3 a b')).toMatchObject({ args: { fragments: 3, data: 'a b' } })
  })
  it('leaves a condition as typed', () => {
    expect(parsed('break add  lane=client "a b" /c"d/i ')).toMatchObject({
      args: { condition: 'lane=client "a b" /c"d/i' },
    })
  })
  it('reads bytes, positions, offsets and speeds', () => {
    expect(parsed('insert client 0x10 81 00')).toMatchObject({ args: { offset: 16, bytes: Uint8Array.of(0x81, 0) } })
    expect(parsed('goto 12:5')).toMatchObject({ args: { position: { record: 12, bytes: 5 } } })
    expect(parsed('goto 12')).toMatchObject({ args: { position: { record: 12, bytes: 0 } } })
    expect(parsed('speed 2x')).toMatchObject({ args: { speed: 2 } })
    expect(parsed('play --speed max')).toMatchObject({ args: { speed: Number.POSITIVE_INFINITY } })
  })
})

describe('a line that cannot be read', () => {
  it.each([
    ['', 'There is no command here: type help for the list.'],
    ['stpe unit', 'There is no command stpe: did you mean step unit?'],
    ['runn', 'There is no command runn: did you mean run?'],
    ['xyzzy', 'There is no command xyzzy: type help for the list.'],
    ['step', 'step needs one more word: step unit, step field, step byte, step all.'],
    ['serve', 'serve is not for the console: run wirestep serve in a terminal.'],
    ['palette', 'palette is not for the console: it is a key of the window, Ctrl+K.'],
    ['goto', 'goto: position is missing. Usage: goto RECORD[:BYTES]'],
    ['run 3', 'run: "3" is one word too many. Usage: run'],
    [
      'step unit x',
      'step unit: count has to be a whole number from 1 to 1000000, not "x". Usage: step unit [COUNT] [--lane client|server]',
    ],
    [
      'step unit 0',
      'step unit: count has to be a whole number from 1 to 1000000, not "0". Usage: step unit [COUNT] [--lane client|server]',
    ],
    [
      'step unit --lame client',
      'step unit: there is no option --lame. Did you mean --lane? Usage: step unit [COUNT] [--lane client|server]',
    ],
    [
      'step unit --lane',
      'step unit: --lane needs a value: the lane to step; else the one whose turn it is. Usage: step unit [COUNT] [--lane client|server]',
    ],
    [
      'step unit 1 --lane client --lane server',
      'step unit: --lane was given twice. Usage: step unit [COUNT] [--lane client|server]',
    ],
    [
      'lab hixie',
      `lab: dialect has to be one of ${dialectIds.join(', ')}, not "hixie". Usage: lab [ID] [--seed N] [--url URL] [--compress on|PARAMS] [--via NODE,NODE,...] [--profile PROFILE] [--flaw FLAW]`,
    ],
    [
      'lab --record x',
      'lab: there is no option --record. Usage: lab [ID] [--seed N] [--url URL] [--compress on|PARAMS] [--via NODE,NODE,...] [--profile PROFILE] [--flaw FLAW]',
    ],
  ])('%j says: %s', (line, error) => {
    expect(refused(line)).toBe(error)
  })
  it('says which bytes are not hex', () => {
    expect(refused('insert client 0 zz')).toMatch(/^insert: bytes is not hex: /)
  })
})

describe('completion', () => {
  const sources = { run: ['1', '2'], breakpoint: ['4'], connection: ['0'] }
  const complete = (line: string) => completeLine(line, sources)
  it('offers commands that begin like what is typed', () => {
    expect(complete('step ')).toEqual({ from: 0, options: ['step unit', 'step field', 'step byte', 'step all'] })
    expect(complete('  got')).toEqual({ from: 2, options: ['goto'] })
    expect(complete('end')).toEqual({ from: 0, options: ['end', 'end client', 'end server'] })
  })
  it('offers the values of an argument where it stands', () => {
    expect(complete('lab ')).toEqual({ from: 4, options: dialectIds })
    expect(complete('send c')).toEqual({ from: 5, options: ['client'] })
    expect(complete('send client ')).toEqual({ from: 12, options: ['text', 'hex'] })
    expect(complete('use ')).toEqual({ from: 4, options: ['1', '2'] })
    expect(complete('help step u')).toEqual({ from: 10, options: [] })
    expect(complete('help go')).toEqual({ from: 5, options: ['goto'] })
  })
  it('offers options, each once, and their values', () => {
    expect(complete('edit client 4 --')).toEqual({ from: 14, options: ['--remove', '--insert'] })
    expect(complete('edit client 4 --remove 3 --')).toEqual({ from: 25, options: ['--insert'] })
    expect(complete('step unit --lane s').options).toEqual(['server', 'serverToClient'])
    expect(complete('lab --').options).toEqual(['--seed', '--url', '--compress', '--via', '--profile', '--flaw'])
  })
  it('offers nothing inside an open quote', () => {
    expect(complete('note "a').options).toEqual([])
  })
})

describe('the command table', () => {
  it('has examples that can be typed, for every command of the console', () => {
    for (const name of commandsOn('console')) {
      expect(commandNamed(name).examples.length, name).toBeGreaterThan(0)
      for (const line of commandNamed(name).examples) expect(parsed(line).name).toBe(name)
    }
  })
  it('gives every key to one command only', () => {
    const keys = commandNames.map((name) => commandNamed(name).key).filter((key) => key !== undefined)
    expect(new Set(keys).size).toBe(keys.length)
  })
  it('writes titles without a full stop and help as a sentence', () => {
    for (const name of commandNames) {
      expect(commandNamed(name).title, name).toMatch(/^[A-Z].*[^.]$/)
      expect(commandNamed(name).help, name).toMatch(/^[A-Z].*\.$/)
    }
  })
  it('shows how a command is written', () => {
    expect(usage('lab', 'cli')).toBe(
      'lab [ID] [--seed N] [--url URL] [--compress on|PARAMS] [--via NODE,NODE,...] [--profile PROFILE] [--flaw FLAW] [--script FILE] [--record FILE]',
    )
    expect(usage('connect', 'cli')).toContain('connect URL --dialect ID [--send TEXT]...')
  })
})
