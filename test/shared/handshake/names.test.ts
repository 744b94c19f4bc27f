import { describe, expect, it } from 'vitest'
import { badCharacter, formatSubprotocols, parseSubprotocols } from '../../../shared/handshake/subprotocols.ts'
import { hostField, isHostField, parseUrl, resourceOfTarget, resourceProblems } from '../../../shared/handshake/urls.ts'

function url(text: string) {
  const parsed = parseUrl(text)
  return parsed.ok ? parsed.value : parsed.error
}

describe('WebSocket URLs', () => {
  it.each([
    ['ws://127.0.0.1:4502/demo', false, '127.0.0.1', 4502, '/demo'],
    ['ws://Example.COM', false, 'example.com', 80, '/'],
    ['WSS://example.com/a?b=c&d', true, 'example.com', 443, '/a?b=c&d'],
    ['ws://example.com?x', false, 'example.com', 80, '/?x'],
    ['ws://[::1]:8080/', false, '::1', 8080, '/'],
  ])('%s is taken apart', (text, secure, host, port, resource) => {
    expect(url(text)).toEqual({ secure, host, port, resource })
  })

  it.each([
    ['http://a/', '"http://a/" is not a WebSocket URL: write ws://host:port/path.'],
    ['ws://a/#b', '"ws://a/#b" has a fragment: leave out "#b", or write # as %23.'],
    ['ws://me@a/', '"ws://me@a/" names a user: leave out the part before @.'],
    ['ws:///demo', '"ws:///demo" names no host: write ws://host:port/path.'],
    ['ws://a:0/', '"ws://a:0/" asks for port 0: ports go from 1 to 65535.'],
    ['ws://a:70000/', '"ws://a:70000/" asks for port 70000: ports go from 1 to 65535.'],
    ['ws://a b/', '"ws://a b/" has no valid host in "a b".'],
  ])('%s is refused with one sentence', (text, error) => {
    expect(url(text)).toBe(error)
  })

  it('give a Host field without the default port, IPv6 in brackets', () => {
    expect(hostField({ secure: true, host: '::1', port: 443, resource: '/' })).toBe('[::1]')
    expect(hostField({ secure: true, host: 'a', port: 80, resource: '/' })).toBe('a:80')
  })
})

describe('the value of a Host field', () => {
  it.each(['example.com', 'example.com:8080', '127.0.0.1:4502', '[::1]:80', 'a:'])('may be %j', (text) => {
    expect(isHostField(text)).toBe(true)
  })

  it.each(['', ' ', 'a b', 'me@a', 'http://a', 'a/b', 'a:b', 'a, b', 'a\xa0'])('may not be %j', (text) => {
    expect(isHostField(text)).toBe(false)
  })
})

describe('the resource of a request', () => {
  it('is the target, or the end of an absolute http URI', () => {
    expect(resourceOfTarget('rfc3986', '/chat?a')).toBe('/chat?a')
    expect(resourceOfTarget('rfc3986', 'http://server.example.com/chat')).toBe('/chat')
    expect(resourceOfTarget('rfc3986', 'HTTPS://server.example.com?a')).toBe('/?a')
    expect(resourceOfTarget('rfc3986', '*')).toBe('*')
  })

  it('is no absolute URI in the drafts before RFC 6455', () => {
    expect(resourceOfTarget('noColonOrSpace', 'http://server.example.com/chat')).toBe('http://server.example.com/chat')
  })

  const problems = (rule: 'noColonOrSpace' | 'rfc3986', resource: string) =>
    resourceProblems(rule, resource).map(({ reason, encoded, at }) => `${encoded ? 'encoded ' : ''}${reason}@${at}`)

  it.each([
    ['/demo', []],
    ['/a/b?c=%20&d=%3A', []],
    ['/a:b', ['colon@2']],
    ['/a%3Ab', ['encoded colon@2']],
    ['/a%3ab', ['encoded colon@2']],
    ['/a b', ['space@2']],
    ['/a%20b', ['encoded space@2']],
    ['/a%0D%0AX', ['encoded control@2', 'encoded control@5']],
    ['/a%7f\x00', ['encoded control@2', 'control@5']],
    ['/a?next=http://x', ['queryColon@12']],
    ['/a?b c', ['space@4']],
    ['/é', ['notAscii@1']],
    ['demo', ['notAbsolute@0']],
    ['/a#b', ['fragment@2']],
  ])('Upgrade+Hello, %j: %j', (resource, expected) => {
    expect(problems('noColonOrSpace', resource)).toEqual(expected)
  })

  it.each([
    ['/a:b%20c%3A?d:e', []],
    ['/a b', ['space@2']],
    ['/a\t', ['control@2']],
    ['/é', ['notAscii@1']],
    ['a#b', ['notAbsolute@0', 'fragment@1']],
  ])('RFC 6455, %j: %j', (resource, expected) => {
    expect(problems('rfc3986', resource)).toEqual(expected)
  })
})

describe('lists of subprotocols', () => {
  it.each([
    ['spaceSeparatedNames', 'chat  super/chat_2', ['chat', 'super/chat_2'], []],
    ['spaceSeparatedNames', 'chat,superchat', ['chat,superchat'], ['character@4']],
    ['spaceSeparatedNames', 'chat.example.com', ['chat.example.com'], ['character@4']],
    ['spaceSeparatedStrings', 'chat.example.com  a,b', ['chat.example.com', 'a,b'], []],
    ['spaceSeparatedStrings', 'a b\tc', ['a', 'b\tc'], ['character@3']],
    ['spaceSeparatedNames', 'a b a', ['a', 'b', 'a'], ['duplicate@4']],
    ['spaceSeparatedNames', '', [], ['emptyName@0']],
    ['spaceSeparatedNames', 'a\tb', ['a\tb'], ['character@1']],
    ['commaSeparatedTokens', 'chat\xa0', ['chat\xa0'], ['character@4']],
    ['commaSeparatedTokens', '\tchat\t,\tx', ['chat', 'x'], []],
    ['commaSeparatedTokens', 'chat, superchat', ['chat', 'superchat'], []],
    ['commaSeparatedTokens', 'v1.chat.example.com', ['v1.chat.example.com'], []],
    ['commaSeparatedTokens', 'chat superchat', ['chat superchat'], ['character@4']],
    ['commaSeparatedTokens', 'chat, chat', ['chat', 'chat'], ['duplicate@6']],
    ['commaSeparatedTokens', 'chat,,x', ['chat', 'x'], ['emptyName@5']],
    ['commaSeparatedTokens', 'chat,', ['chat'], ['emptyName@5']],
    ['commaSeparatedTokens', ' ', [], ['emptyName@0']],
  ] as const)('%s: %j', (rule, text, names, problems) => {
    const list = parseSubprotocols(rule, text)
    expect(list.names).toEqual(names)
    expect(list.problems.map(({ reason, at }) => `${reason}@${at}`)).toEqual(problems)
  })

  it.each(['spaceSeparatedNames', 'commaSeparatedTokens'] as const)('%s: what is written is read again', (rule) => {
    const names = ['chat', 'superchat', 'x-1']
    expect(parseSubprotocols(rule, formatSubprotocols(rule, names))).toEqual({ names, problems: [] })
  })

  it('go on from field to field: a name offered before is offered twice', () => {
    const list = parseSubprotocols('commaSeparatedTokens', 'b, a', ['a'])
    expect(list.problems).toEqual([{ reason: 'duplicate', at: 3 }])
  })

  it('name the character a name may not have', () => {
    expect(badCharacter('spaceSeparatedNames', 'a.b')).toBe(1)
    expect(badCharacter('commaSeparatedTokens', 'a.b')).toBe(-1)
    expect(badCharacter('commaSeparatedTokens', 'a/b')).toBe(1)
  })
})
