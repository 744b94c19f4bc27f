// What a WebSocket does about permessage-deflate: what it offers, which answers it takes, and what it makes of messages.
// The deflated bytes are the examples of RFC 7692 §7.2.3.
import type { Order } from '../orders.ts'
import { type Behaviour, briefly, broken, connect, opened, type Subject, story, when } from '../subject.ts'

const hello = 'f248cdc9c90700'
const helloInTwo = ['4103f248cd', '8004c9c90700'] as const

function answered(extensions: string): Order {
  return ['head', { 'Sec-WebSocket-Extensions': extensions }]
}

const agreed = answered('permessage-deflate')

/** What `extensions` is, once open. */
function shows(title: string, answer: string, gives = answer): Behaviour {
  return {
    title: `answered with ${title}`,
    run: async (subject) => {
      const socket = connect(subject, [answered(answer)])
      await Promise.race([when(socket, 'open'), when(socket, 'error')])
      return briefly(socket, ({ readyState, extensions }) => (readyState === 1 ? extensions : 'refused'))
    },
    gives,
  }
}

function refuses(title: string, answer: string): Behaviour {
  return {
    title: `answered with ${title}`,
    run: async (subject) => {
      const socket = connect(subject, [answered(answer)])
      return [...(await story(socket)), socket.extensions]
    },
    gives: ['3: error', '3: close 1006 unclean', ''],
  }
}

/** What comes of frames, where compression was agreed on with `answer`. */
function comes(title: string, answer: Order, orders: readonly Order[], ...gives: string[]): Behaviour {
  return {
    title,
    run: async (subject) => (await story(connect(subject, [answer, ...orders, ['close', 1000]]))).slice(1),
    gives: [...gives, '3: close 1000 clean'],
  }
}

/** What the server reads of `messages`, which it inflates itself. */
function goes(
  title: string,
  answer: Order,
  messages: readonly (string | Uint8Array<ArrayBuffer>)[],
  gives: readonly string[],
) {
  return {
    title,
    run: async (subject: Subject) => {
      const socket = await opened(subject, [answer, ['await', messages.length], ['report'], ['close', 1000]])
      for (const message of messages) socket.send(message)
      return JSON.parse(((await when(socket, 'message')) as MessageEvent).data)
    },
    gives,
  }
}

const long = 'one quote after the other, '.repeat(60)

const negotiating: readonly Behaviour[] = [
  {
    title: 'what is offered',
    run: async (subject) => ((await when(connect(subject, [['offered']]), 'message')) as MessageEvent).data,
    gives: 'permessage-deflate; client_max_window_bits',
  },
  {
    title: 'not answered: nothing is compressed',
    run: async (subject) => {
      const socket = await opened(subject, [['await', 1], ['report']])
      socket.send(long)
      return [socket.extensions, JSON.parse(((await when(socket, 'message')) as MessageEvent).data)]
    },
    gives: ['', [`t:${long}`]],
  },
  shows('permessage-deflate', 'permessage-deflate'),
  shows('server_no_context_takeover', 'permessage-deflate; server_no_context_takeover'),
  shows('client_no_context_takeover', 'permessage-deflate; client_no_context_takeover'),
  shows('server_max_window_bits=8', 'permessage-deflate; server_max_window_bits=8'),
  shows('server_max_window_bits=15', 'permessage-deflate; server_max_window_bits=15'),
  shows('client_max_window_bits=8', 'permessage-deflate; client_max_window_bits=8'),
  shows('client_max_window_bits=15', 'permessage-deflate; client_max_window_bits=15'),
  shows('a window in quotes', 'permessage-deflate; server_max_window_bits="10"'),
  shows('spaces where they may be', 'permessage-deflate ;  server_max_window_bits = 10'),
  shows(
    'all four parameters',
    'permessage-deflate; client_max_window_bits=9; server_max_window_bits=9; client_no_context_takeover; server_no_context_takeover',
  ),
  refuses('a parameter nobody knows', 'permessage-deflate; strange'),
  refuses('a parameter twice', 'permessage-deflate; server_no_context_takeover; server_no_context_takeover'),
  refuses('server_no_context_takeover with a value', 'permessage-deflate; server_no_context_takeover=1'),
  refuses('client_no_context_takeover with a value', 'permessage-deflate; client_no_context_takeover=1'),
  refuses('server_max_window_bits without a value', 'permessage-deflate; server_max_window_bits'),
  refuses('client_max_window_bits without a value', 'permessage-deflate; client_max_window_bits'),
  refuses('server_max_window_bits=7', 'permessage-deflate; server_max_window_bits=7'),
  refuses('server_max_window_bits=16', 'permessage-deflate; server_max_window_bits=16'),
  refuses('client_max_window_bits=7', 'permessage-deflate; client_max_window_bits=7'),
  refuses('client_max_window_bits=16', 'permessage-deflate; client_max_window_bits=16'),
  refuses('a window with a leading zero', 'permessage-deflate; server_max_window_bits=09'),
  refuses('a window that is no number', 'permessage-deflate; server_max_window_bits=ten'),
  refuses('permessage-deflate twice', 'permessage-deflate, permessage-deflate'),
  refuses('permessage-deflate and another', 'permessage-deflate, x-strange'),
  refuses('the forerunner of WebKit', 'x-webkit-deflate-frame'),
  refuses('nothing between two commas', 'permessage-deflate,,'),
  refuses('a parameter without a name', 'permessage-deflate; =10'),
  refuses('the name in capitals', 'Permessage-Deflate'),
]

const receiving: readonly Behaviour[] = [
  comes('a compressed text', agreed, [['hex', `c107${hello}`]], '1: text Hello'),
  comes(
    'a compressed text that refers to the one before',
    agreed,
    [['hex', `c107${hello}c105f200110000`]],
    ...['1: text Hello', '1: text Hello'],
  ),
  comes('a compressed text in two frames', agreed, [['hex', helloInTwo.join('')]], '1: text Hello'),
  comes('a ping within a compressed text', agreed, [['hex', `${helloInTwo[0]}8900${helloInTwo[1]}`]], '1: text Hello'),
  comes('a compressed text in two blocks', agreed, [['hex', 'c10df24805000000ffffcac9c90700']], '1: text Hello'),
  comes('a compressed text in a stored block', agreed, [['hex', 'c10b000500faff48656c6c6f00']], '1: text Hello'),
  comes('a compressed text that ends with a final block', agreed, [['hex', 'c108f348cdc9c9070000']], '1: text Hello'),
  comes('an empty compressed text', agreed, [['hex', 'c10100']], '1: text '),
  comes('a compressed binary message', agreed, [['hex', `c207${hello}`]], '1: binary 48656c6c6f'),
  comes('a text that is not compressed', agreed, [['text', 'plain']], '1: text plain'),
  comes(
    'plain and compressed by turns',
    agreed,
    [
      ['text', 'plain'],
      ['hex', `c107${hello}`],
      ['text', 'plain'],
    ],
    ...['1: text plain', '1: text Hello', '1: text plain'],
  ),
  comes(
    'a text of a server that forgets',
    answered('permessage-deflate; server_no_context_takeover'),
    [['hex', `c107${hello}c107${hello}`]],
    ...['1: text Hello', '1: text Hello'],
  ),
  comes('1 MiB out of a thousand bytes', agreed, [['deflated', 1, 2 ** 20]], `1: text ${2 ** 20}`),
  comes('16 MiB out of 16 thousand bytes', agreed, [['deflated', 2, 2 ** 24]], `1: binary of ${2 ** 24}`),
  broken('RSV1 where compression was not answered', ['hex', `c107${hello}`]),
  broken('RSV1 on a continuation', agreed, ['hex', '4103f248cdc004c9c90700']),
  broken('RSV1 on a ping', agreed, ['hex', 'c900']),
  broken('RSV1 on a close', agreed, ['hex', 'c800']),
  broken('RSV2 where compression was agreed on', agreed, ['hex', `a107${hello}`]),
  broken('bytes that are no deflated data', agreed, ['hex', 'c104ffffffff']),
  broken('a compressed text that is not UTF-8', agreed, ['deflatedHex', 'ff']),
  broken('a reference to before the first byte', agreed, ['hex', 'c105f200110000']),
]

const sending: readonly Behaviour[] = [
  goes(
    'texts, which refer to those before',
    agreed,
    [long, long, 'short', ''],
    [`z:t:${long}`, `z:t:${long}`, 'z:t:short', 'z:t:'],
  ),
  goes('bytes', agreed, [Uint8Array.of(1, 2, 3)], ['z:b:010203']),
  goes(
    'texts that do not refer to those before, where the server says so',
    answered('permessage-deflate; client_no_context_takeover'),
    [long, long],
    [`z:t:${long}`, `z:t:${long}`],
  ),
  goes(
    'a window of 512 bytes, where the server says so',
    answered('permessage-deflate; client_max_window_bits=9'),
    [long, long],
    [`z:t:${long}`, `z:t:${long}`],
  ),
  {
    title: 'bufferedAmount counts what was given, not what it is compressed to',
    run: async (subject) => {
      const socket = await opened(subject, [agreed, ['close', 1000]])
      socket.send(long)
      return socket.bufferedAmount
    },
    gives: long.length,
  },
  {
    title: 'an echo comes back as it went',
    run: async (subject) => {
      const socket = await opened(subject, [agreed, ['echo']])
      socket.send(long)
      const { data } = (await when(socket, 'message')) as MessageEvent
      socket.close()
      return data === long
    },
    gives: true,
  },
  {
    title: 'the closing handshake is as without',
    run: async (subject) => {
      const socket = await opened(subject, [agreed])
      const told = story(socket)
      socket.close(3000, 'enough')
      return told
    },
    gives: ['3: close 3000 “enough” clean'],
  },
]

export const compressing: readonly Behaviour[] = [...negotiating, ...receiving, ...sending]
