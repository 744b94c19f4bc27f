// What constructing one does: which URLs and subprotocols it takes, and what becomes of them.
import { anyPort, type Behaviour, briefly, type Subject, thrown } from '../subject.ts'

function urlOf(text: unknown) {
  return ({ WebSocket }: Subject) => briefly(new WebSocket(text as string), ({ url }) => url)
}

function throwsWith(...given: unknown[]) {
  return ({ WebSocket }: Subject) =>
    thrown(() => briefly(Reflect.construct(WebSocket, given) as WebSocket, () => undefined))
}

export const constructing: readonly Behaviour[] = [
  { title: 'without a URL: TypeError', run: throwsWith(), gives: 'TypeError' },
  {
    title: 'without new: TypeError',
    run: ({ WebSocket }) => thrown(() => (WebSocket as unknown as (url: string) => void)(anyPort)),
    gives: 'TypeError',
  },
  { title: 'a URL that is a Symbol: TypeError', run: throwsWith(Symbol('url')), gives: 'TypeError' },
  { title: 'a URL without a host: SyntaxError', run: throwsWith('ws://'), gives: 'SyntaxError' },
  { title: 'a URL with half an IPv6 address: SyntaxError', run: throwsWith('ws://[::1'), gives: 'SyntaxError' },
  { title: 'a port above 65535: SyntaxError', run: throwsWith('ws://127.0.0.1:65536/'), gives: 'SyntaxError' },
  { title: 'ftp: SyntaxError', run: throwsWith('ftp://127.0.0.1/'), gives: 'SyntaxError' },
  { title: 'mailto: SyntaxError', run: throwsWith('mailto:me@example.com'), gives: 'SyntaxError' },
  { title: 'a fragment: SyntaxError', run: throwsWith(`${anyPort}#part`), gives: 'SyntaxError' },
  { title: 'an empty fragment: SyntaxError', run: throwsWith(`${anyPort}#`), gives: 'SyntaxError' },
  { title: 'an empty subprotocol: SyntaxError', run: throwsWith(anyPort, ''), gives: 'SyntaxError' },
  { title: 'a subprotocol twice: SyntaxError', run: throwsWith(anyPort, ['a', 'b', 'a']), gives: 'SyntaxError' },
  { title: 'a subprotocol with a space: SyntaxError', run: throwsWith(anyPort, 'a b'), gives: 'SyntaxError' },
  { title: 'a subprotocol with a comma: SyntaxError', run: throwsWith(anyPort, ['a', 'b,c']), gives: 'SyntaxError' },
  { title: 'a subprotocol that is not ASCII: SyntaxError', run: throwsWith(anyPort, 'é'), gives: 'SyntaxError' },
  { title: 'a subprotocol with a DEL: SyntaxError', run: throwsWith(anyPort, 'a\u007f'), gives: 'SyntaxError' },
  { title: 'subprotocols that differ in case are two', run: throwsWith(anyPort, ['a', 'A']), gives: 'nothing' },
  {
    title: 'every character of a token may be in a subprotocol',
    run: throwsWith(anyPort, "!#$%&'*+-.^_`|~9Az"),
    gives: 'nothing',
  },
  { title: 'subprotocols null are one called null', run: throwsWith(anyPort, null), gives: 'nothing' },
  { title: 'subprotocols in any iterable', run: throwsWith(anyPort, new Set(['a', 'b'])), gives: 'nothing' },
  { title: 'a subprotocol that is a number', run: throwsWith(anyPort, 7), gives: 'nothing' },
  { title: 'subprotocols undefined are none', run: throwsWith(anyPort, undefined), gives: 'nothing' },
  { title: 'http becomes ws', run: urlOf('http://127.0.0.1:9/a'), gives: 'ws://127.0.0.1:9/a' },
  { title: 'https becomes wss', run: urlOf('https://127.0.0.1:9/a'), gives: 'wss://127.0.0.1:9/a' },
  { title: 'scheme and host in lower case', run: urlOf('WS://LOCALHOST:9/A'), gives: 'ws://localhost:9/A' },
  { title: 'the port of the scheme is left out', run: urlOf('ws://127.0.0.1:80/a'), gives: 'ws://127.0.0.1/a' },
  { title: 'a path is added', run: urlOf('ws://127.0.0.1:9'), gives: 'ws://127.0.0.1:9/' },
  { title: 'the query is kept', run: urlOf('ws://127.0.0.1:9/a?b=%23&c'), gives: 'ws://127.0.0.1:9/a?b=%23&c' },
  { title: 'dots in the path are resolved', run: urlOf('ws://127.0.0.1:9/a/../b'), gives: 'ws://127.0.0.1:9/b' },
  {
    title: 'what is no ASCII in the path is encoded',
    run: urlOf('ws://127.0.0.1:9/é'),
    gives: 'ws://127.0.0.1:9/%C3%A9',
  },
  { title: 'white space around a URL is cut off', run: urlOf(` ${anyPort}\n`), gives: anyPort },
  { title: 'a URL object is its text', run: urlOf(new URL(anyPort)), gives: anyPort },
  { title: 'an object is its text', run: urlOf({ toString: () => anyPort }), gives: anyPort },
  {
    title: 'a relative URL is relative to the page',
    run: ({ WebSocket }) =>
      briefly(new WebSocket('/somewhere'), ({ url }) => url === `${location.origin.replace(/^http/, 'ws')}/somewhere`),
    gives: true,
    page: true,
  },
]
