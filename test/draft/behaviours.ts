// What a WebSocket of the WebSockets standard does, as a table: the same for the platform's class and for ours. What each
// gives was first seen in Chromium and then found in the standard.
import { compressing } from './compressing.ts'
import type { Order } from './orders.ts'
import {
  type Behaviour,
  briefly,
  broken,
  connect,
  hexOf,
  opened,
  type Subject,
  story,
  thrown,
  told,
  urlFor,
  when,
} from './subject.ts'

const first = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }

function urlOf(text: unknown) {
  return ({ WebSocket }: Subject) => briefly(new WebSocket(text as string), ({ url }) => url)
}

function throwsWith(...given: unknown[]) {
  return ({ WebSocket }: Subject) =>
    thrown(() => briefly(Reflect.construct(WebSocket, given) as WebSocket, () => undefined))
}

const anyPort = 'ws://127.0.0.1:9/'

const constructing: readonly Behaviour[] = [
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

const shape: readonly Behaviour[] = [
  {
    title: 'constants on the class',
    run: ({ WebSocket: { CONNECTING, OPEN, CLOSING, CLOSED } }) => ({ CONNECTING, OPEN, CLOSING, CLOSED }),
    gives: first,
  },
  {
    title: 'constants on what it makes, which cannot be changed',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => {
        const refused = thrown(() => Object.assign(socket, { OPEN: 7 }))
        const { CONNECTING, OPEN, CLOSING, CLOSED } = socket
        return [refused, { CONNECTING, OPEN, CLOSING, CLOSED }]
      }),
    gives: ['TypeError', first],
  },
  { title: 'one argument is needed', run: ({ WebSocket }) => WebSocket.length, gives: 1 },
  {
    title: 'the members that can be enumerated',
    run: ({ WebSocket }) => Object.keys(WebSocket.prototype).sort(),
    gives: [
      ...Object.keys(first),
      'binaryType',
      'bufferedAmount',
      'close',
      'extensions',
      'onclose',
      'onerror',
      'onmessage',
      'onopen',
      'protocol',
      'readyState',
      'send',
      'url',
    ].sort(),
  },
  { title: 'it is an EventTarget', run: ({ WebSocket }) => WebSocket.prototype instanceof EventTarget, gives: true },
  {
    title: 'what cannot be set is not set',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) =>
        ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol'].map((name) =>
          thrown(() => Object.assign(socket, { [name]: 'x' })),
        ),
      ),
    gives: ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
  },
  {
    title: 'what it is while it connects',
    run: ({ WebSocket }) =>
      briefly(
        new WebSocket(anyPort, 'chat'),
        ({ readyState, bufferedAmount, extensions, protocol, binaryType, onopen, onmessage, onerror, onclose }) => [
          ...[readyState, bufferedAmount, extensions, protocol, binaryType],
          ...[onopen, onmessage, onerror, onclose],
        ],
      ),
    gives: [0, 0, '', '', 'blob', null, null, null, null],
  },
  {
    title: 'binaryType takes its two words and passes over others',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) =>
        ['arraybuffer', 'text', 'blob', 'Blob', 'arraybuffer', ''].map((type) => {
          socket.binaryType = type as BinaryType
          return socket.binaryType
        }),
      ),
    gives: ['arraybuffer', 'arraybuffer', 'blob', 'blob', 'arraybuffer', 'arraybuffer'],
  },
]

const handlers: readonly Behaviour[] = [
  {
    title: 'a handler is given back; what is no object takes it away',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => {
        const seen: unknown[] = []
        for (const handler of [told, 7, told, null, told, 'text', undefined]) {
          socket.onmessage = handler as never
          seen.push(socket.onmessage === told ? 'told' : socket.onmessage)
        }
        return seen
      }),
    gives: ['told', null, 'told', null, 'told', null, null],
  },
  {
    title: 'an object that cannot be called is kept',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => {
        const object = {}
        socket.onopen = object as never
        return (socket.onopen as unknown) === object
      }),
    gives: true,
  },
  {
    title: 'this of a handler is the socket, and so are target and currentTarget',
    run: async (subject) => {
      const socket = connect(subject)
      return new Promise((resolve) => {
        socket.onopen = function (event) {
          resolve([this === socket, event.target === socket, event.currentTarget === socket])
        }
      })
    },
    gives: [true, true, true],
  },
  {
    title: 'a handler has the place among the listeners at which it was first set',
    run: async (subject) => {
      const socket = connect(subject)
      const order: string[] = []
      socket.addEventListener('open', () => order.push('first'))
      socket.onopen = () => order.push('never')
      socket.addEventListener('open', () => order.push('third'))
      socket.onopen = () => order.push('handler')
      await when(socket, 'open')
      return order
    },
    gives: ['first', 'handler', 'third'],
  },
  {
    title: 'a handler that was taken away comes last when it is set again',
    run: async (subject) => {
      const socket = connect(subject)
      const order: string[] = []
      socket.onopen = () => order.push('handler')
      socket.addEventListener('open', () => order.push('listener'))
      socket.onopen = null
      socket.onopen = () => order.push('handler')
      await when(socket, 'open')
      await Promise.resolve()
      return order
    },
    gives: ['listener', 'handler'],
  },
  {
    title: 'stopImmediatePropagation keeps the event from the listeners behind',
    run: async (subject) => {
      const socket = connect(subject)
      const order: string[] = []
      const done = new Promise((resolve) =>
        socket.addEventListener('open', (event) => {
          event.stopImmediatePropagation()
          resolve(order)
        }),
      )
      socket.onopen = () => order.push('handler')
      return done
    },
    gives: [],
  },
  {
    title: 'an event of the caller’s own reaches the handler',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => {
        const seen: string[] = []
        socket.onmessage = ({ type }) => seen.push(type)
        socket.dispatchEvent(new Event('message'))
        return seen
      }),
    gives: ['message'],
  },
  {
    title: 'a listener that throws does not keep the others from the event',
    run: async (subject) => {
      const socket = connect(subject)
      const reported = new Promise((resolve) =>
        addEventListener('error', ({ message }) => resolve(message), { once: true }),
      )
      socket.onopen = () => {
        throw new Error('oops')
      }
      await when(socket, 'open')
      return String(await reported).includes('oops')
    },
    gives: true,
    page: true,
  },
  {
    title: 'what an open event is',
    run: async (subject) => {
      const event = await when(connect(subject), 'open')
      return [event.constructor.name, event.type, event.bubbles, event.cancelable]
    },
    gives: ['Event', 'open', false, false],
  },
  {
    title: 'what a message event is',
    run: async (subject) => {
      const event = (await when(connect(subject, [['text', 'hi']]), 'message')) as MessageEvent
      const { data, lastEventId, source, bubbles, cancelable } = event
      return [
        event.constructor.name,
        data,
        `${event.origin}/` === subject.server,
        lastEventId,
        source,
        bubbles,
        cancelable,
      ]
    },
    gives: ['MessageEvent', 'hi', true, '', null, false, false],
  },
  {
    title: 'what a close event is',
    run: async (subject) => {
      const event = (await when(connect(subject, [['close', 4321, 'bye']]), 'close')) as CloseEvent
      const { code, reason, wasClean, bubbles, cancelable } = event
      return [event.constructor.name, code, reason, wasClean, bubbles, cancelable]
    },
    gives: ['CloseEvent', 4321, 'bye', true, false, false],
  },
]

const opening: readonly Behaviour[] = [
  {
    title: 'nothing is fired before the script that made it has ended',
    run: async (subject) => {
      const socket = connect(subject)
      const before = await Promise.resolve().then(() => socket.readyState)
      await when(socket, 'open')
      return [before, socket.readyState]
    },
    gives: [0, 1],
  },
  {
    title: 'open, messages, close, in that order',
    run: (subject) =>
      story(
        connect(subject, [
          ['text', 'a'],
          ['binary', [0, 255]],
          ['text', ''],
          ['close', 1000],
        ]),
      ),
    gives: ['1: open', '1: text a', '1: binary 00ff', '1: text ', '3: close 1000 clean'],
  },
  {
    title: 'the subprotocol that the server chose',
    run: async (subject) => {
      const socket = await opened(subject, [['head', { 'Sec-WebSocket-Protocol': 'b' }]], ['a', 'b'])
      return briefly(socket, ({ protocol, extensions }) => [protocol, extensions])
    },
    gives: ['b', ''],
  },
  {
    title: 'a subprotocol nobody asked for',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Protocol': 'b' }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'another subprotocol than was asked for',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Protocol': 'b' }]], 'a')),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'the subprotocol in other case',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Protocol': 'A' }]], 'a')),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'no subprotocol where one was asked for',
    run: (subject) => story(connect(subject, [], 'a')),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'two subprotocols at once',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Protocol': 'a, b' }]], ['a', 'b'])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'an extension nobody asked for',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Extensions': 'x-strange' }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'a wrong accept key',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Accept': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'no accept key',
    run: (subject) => story(connect(subject, [['head', { 'Sec-WebSocket-Accept': null }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'no Upgrade',
    run: (subject) => story(connect(subject, [['head', { Upgrade: null }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'no Connection',
    run: (subject) => story(connect(subject, [['head', { Connection: null }]])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'the words of the head in any case',
    run: (subject) =>
      story(
        connect(subject, [
          ['head', { Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE' }],
          ['close', 1000],
        ]),
      ),
    gives: ['1: open', '3: close 1000 clean'],
  },
  {
    title: '404',
    run: (subject) => story(connect(subject, [['head', { status: '404 Not Found' }], ['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: '200',
    run: (subject) => story(connect(subject, [['head', { status: '200 OK' }], ['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: '301 is not followed',
    run: (subject) =>
      story(connect(subject, [['head', { status: '301 Moved Permanently', Location: subject.server }], ['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'no HTTP',
    run: (subject) => story(connect(subject, [['raw', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'], ['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'half a head',
    run: (subject) => story(connect(subject, [['raw', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: web'], ['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'the end instead of a head',
    run: (subject) => story(connect(subject, [['drop']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'a reset instead of a head',
    run: (subject) => story(connect(subject, [['reset']])),
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'a port at which nobody listens',
    run: ({ WebSocket }) => story(new WebSocket('ws://127.0.0.1:9/')),
    gives: ['3: error', '3: close 1006 unclean'],
  },
]

/** Every message of a connection that says what it has to say and closes. */
function messages(...orders: Order[]) {
  return async (subject: Subject) => (await story(connect(subject, [...orders, ['close', 1000]]))).slice(1, -1)
}

const receiving: readonly Behaviour[] = [
  {
    title: 'a text in three frames is one',
    run: messages(['hex', '010161'], ['hex', '000162'], ['hex', '800163']),
    gives: ['1: text abc'],
  },
  {
    title: 'bytes in frames of which some are empty are one',
    run: messages(['hex', '0200'], ['hex', '0001ff'], ['hex', '8000']),
    gives: ['1: binary ff'],
  },
  {
    title: 'a character cut by a frame is whole',
    run: messages(['hex', '0102e298'], ['hex', '800183']),
    gives: ['1: text ☃'],
  },
  {
    title: 'a ping between two frames of a message does not show',
    run: messages(['hex', '010161'], ['hex', '890470696e67'], ['hex', '800162']),
    gives: ['1: text ab'],
  },
  {
    title: 'pings and pongs do not show',
    run: messages(['hex', '8900'], ['hex', '8a00'], ['hex', '8a017a'], ['text', 'a']),
    gives: ['1: text a'],
  },
  {
    title: 'a ping is answered with what it carries',
    run: messages(['hex', '890470696e67'], ['await', 1], ['report']),
    gives: ['1: text ["a:70696e67"]'],
  },
  {
    title: 'NUL, a byte order mark and characters beyond the BMP come as they are',
    run: messages(['text', '\u0000\ufeff\u{1f44b}']),
    gives: ['1: text \u0000\ufeff\u{1f44b}'],
  },
  ...[125, 126, 65_535, 65_536, 1_000_000].flatMap((size): Behaviour[] => [
    {
      title: `a text of ${size}`,
      run: async (subject) =>
        (await messages(['large', 1, size])(subject)).map((line) => line.replace('x'.repeat(size), `${size}`)),
      gives: [`1: text ${size}`],
    },
    {
      title: `${size} bytes`,
      run: async (subject) =>
        (await messages(['large', 2, size])(subject)).map((line) => line.replace('78'.repeat(size), `of ${size}`)),
      gives: [`1: binary of ${size}`],
    },
  ]),
  {
    title: 'a hundred messages in their order',
    run: async (subject) => {
      const lines = await messages(...Array.from({ length: 100 }, (_, index): Order => ['text', `${index}`]))(subject)
      return lines.every((line, index) => line === `1: text ${index}`) && lines.length
    },
    gives: 100,
  },
  {
    title: 'promises settle between two messages that came at once',
    run: async (subject) => {
      const socket = connect(subject, [
        ['text', 'a'],
        ['text', 'b'],
        ['close', 1000],
      ])
      const order: string[] = []
      socket.onmessage = ({ data }) => {
        order.push(data)
        void Promise.resolve().then(() => order.push(`after ${data}`))
      }
      await when(socket, 'close')
      return order
    },
    gives: ['a', 'after a', 'b', 'after b'],
  },
  {
    title: 'bytes come as a Blob unless told otherwise',
    run: async ({ WebSocket, server }) => {
      const socket = new WebSocket(urlFor(server, [['binary', [1, 2, 3]]]))
      const { data } = (await when(socket, 'message')) as MessageEvent
      socket.close()
      return [data instanceof Blob, data.size, data.type, hexOf(await data.arrayBuffer())]
    },
    gives: [true, 3, '', '010203'],
  },
  {
    title: 'binaryType can be changed from one message to the next',
    run: async ({ WebSocket, server }) => {
      const socket = new WebSocket(
        urlFor(server, [
          ['binary', [1]],
          ['await', 1],
          ['binary', [2]],
          ['close', 1000],
        ]),
      )
      const seen: string[] = []
      socket.onmessage = ({ data }) => {
        seen.push(data.constructor.name)
        socket.binaryType = 'arraybuffer'
        socket.send('next')
      }
      await when(socket, 'close')
      return seen
    },
    gives: ['Blob', 'ArrayBuffer'],
  },
]

/** Sends, and answers what came to the server. `frames`: how many it is to wait for. */
function arrives(frames: number, send: (socket: WebSocket) => unknown) {
  return async (subject: Subject) => {
    const socket = await opened(subject, [['await', frames], ['report'], ['close', 1000]])
    send(socket)
    const { data } = (await when(socket, 'message')) as MessageEvent
    return JSON.parse(data)
  }
}

/** Sends in a state other than OPEN. */
async function sentLate(subject: Subject, state: 'closing' | 'closed') {
  const socket = await opened(subject, [['await', 1]])
  socket.close()
  if (state === 'closed') await when(socket, 'close')
  const answers = ['abc', 'é', new Uint8Array(4)].map((data) => [
    thrown(() => socket.send(data)),
    socket.bufferedAmount,
  ])
  return [socket.readyState, answers]
}

const sending: readonly Behaviour[] = [
  {
    title: 'text, empty text, and text of many scripts',
    run: arrives(3, (socket) => ['hi', '', 'h☃\u{1f44b}'].map((text) => socket.send(text))),
    gives: ['t:hi', 't:', 't:h☃\u{1f44b}'],
  },
  {
    title: 'half a surrogate pair is sent as U+FFFD',
    run: arrives(1, (socket) => socket.send('a\ud800b')),
    gives: ['t:a\ufffdb'],
  },
  { title: 'an ArrayBuffer', run: arrives(1, (socket) => socket.send(Uint8Array.of(1, 2).buffer)), gives: ['b:0102'] },
  {
    title: 'a part of a buffer',
    run: arrives(1, (socket) => socket.send(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))),
    gives: ['b:0203'],
  },
  {
    title: 'a DataView',
    run: arrives(1, (socket) => socket.send(new DataView(Uint8Array.of(1, 2, 3).buffer, 1))),
    gives: ['b:0203'],
  },
  {
    title: 'a Uint16Array as its bytes',
    run: arrives(1, (socket) => socket.send(Uint16Array.of(0x0101, 0x0202))),
    gives: ['b:01010202'],
  },
  { title: 'an empty buffer', run: arrives(1, (socket) => socket.send(new ArrayBuffer(0))), gives: ['b:'] },
  { title: 'a Blob', run: arrives(1, (socket) => socket.send(new Blob(['a', Uint8Array.of(0)]))), gives: ['b:6100'] },
  {
    title: 'numbers, null, undefined and objects as their text',
    run: arrives(4, (socket) => [7, null, undefined, {}].map((data) => socket.send(data as never))),
    gives: ['t:7', 't:null', 't:undefined', 't:[object Object]'],
  },
  {
    title: 'bytes as they were when they were given',
    run: arrives(1, (socket) => {
      const bytes = Uint8Array.of(1, 2)
      socket.send(bytes)
      bytes.fill(9)
    }),
    gives: ['b:0102'],
  },
  {
    title: 'texts, bytes and Blobs in the order they were given in',
    run: arrives(4, (socket) => ['a', new Blob(['b']), 'c', Uint8Array.of(100)].map((data) => socket.send(data))),
    gives: ['t:a', 'b:62', 't:c', 'b:64'],
  },
  {
    title: 'bytes behind a Blob as they were when they were given',
    run: arrives(2, (socket) => {
      const bytes = Uint8Array.of(1)
      socket.send(new Blob(['a']))
      socket.send(bytes)
      bytes.fill(9)
    }),
    gives: ['b:61', 'b:01'],
  },
  {
    title: 'a close behind a Blob',
    run: async (subject) => {
      const socket = await opened(subject, [['mute'], ['await', 2], ['report'], ['close', 1000]])
      const told = story(socket)
      socket.send(new Blob(['a']))
      socket.close(3000)
      return told
    },
    gives: ['3: close 1000 clean'],
  },
  {
    title: 'without an argument: TypeError',
    run: ({ WebSocket }) => briefly(new WebSocket(anyPort), (socket) => thrown(() => (socket.send as () => void)())),
    gives: 'TypeError',
  },
  {
    title: 'a Symbol: TypeError',
    run: async (subject) => {
      const socket = await opened(subject)
      return briefly(socket, () => thrown(() => socket.send(Symbol('x') as never)))
    },
    gives: 'TypeError',
  },
  {
    title: 'while it connects: InvalidStateError, and nothing is counted',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => [thrown(() => socket.send('a')), socket.bufferedAmount]),
    gives: ['InvalidStateError', 0],
  },
  {
    title: 'the InvalidStateError is a DOMException of code 11',
    run: ({ WebSocket }) =>
      briefly(new WebSocket(anyPort), (socket) => {
        try {
          socket.send('a')
        } catch (error) {
          return [error instanceof DOMException, (error as DOMException).code]
        }
      }),
    gives: [true, 11],
  },
  {
    title: 'while it closes: nothing is thrown, and the bytes are counted',
    run: (subject) => sentLate(subject, 'closing'),
    gives: [
      2,
      [
        ['nothing', 3],
        ['nothing', 5],
        ['nothing', 9],
      ],
    ],
  },
  {
    title: 'once it is closed: nothing is thrown, and the bytes are counted',
    run: (subject) => sentLate(subject, 'closed'),
    gives: [
      3,
      [
        ['nothing', 3],
        ['nothing', 5],
        ['nothing', 9],
      ],
    ],
  },
  {
    title: 'bufferedAmount counts UTF-8 and bytes, a Blob at once',
    run: async (subject) => {
      const socket = await opened(subject)
      return briefly(socket, () =>
        ['é☃', new ArrayBuffer(3), new Blob(['abcd'])].map((data) => {
          socket.send(data)
          return socket.bufferedAmount
        }),
      )
    },
    gives: [5, 8, 12],
  },
  {
    title: 'bufferedAmount stays until the script has ended',
    run: async (subject) => {
      const socket = await opened(subject)
      socket.send('abc')
      const during = await Promise.resolve().then(() => socket.bufferedAmount)
      return briefly(socket, () => during)
    },
    gives: 3,
  },
  {
    title: 'bufferedAmount is 0 again once all is sent',
    run: async (subject) => {
      const socket = await opened(subject, [
        ['await', 1],
        ['text', 'got it'],
      ])
      socket.send('abc')
      await when(socket, 'message')
      while (socket.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve))
      return briefly(socket, () => socket.bufferedAmount)
    },
    gives: 0,
  },
  {
    title: 'bufferedAmount grows while the server does not read',
    run: async (subject) => {
      const socket = await opened(subject, [['head', {}], ['stall']])
      for (let i = 0; i < 40; i++) socket.send(new Uint8Array(1_000_000))
      await new Promise((resolve) => setTimeout(resolve))
      const waiting = socket.bufferedAmount
      socket.close()
      return waiting > 1_000_000 && waiting <= 40_000_000
    },
    gives: true,
  },
  {
    title: 'a message of a megabyte comes back',
    run: async (subject) => {
      const socket = await opened(subject, [['echo']])
      socket.send('x'.repeat(1_000_000))
      const { data } = (await when(socket, 'message')) as MessageEvent
      return briefly(socket, () => data.length)
    },
    gives: 1_000_000,
  },
]

/** What `close` throws on an open connection. */
function closeThrows(...given: unknown[]) {
  return async (subject: Subject) => {
    const socket = await opened(subject)
    const told = thrown(() => socket.close(...(given as [number, string])))
    socket.close()
    return told
  }
}

/** Closes an open connection; answers the state behind it and the story from there on. */
function closes(...given: unknown[]) {
  return async (subject: Subject) => {
    const socket = await opened(subject)
    const told = story(socket)
    socket.close(...(given as [number, string]))
    return [socket.readyState, ...(await told)]
  }
}

const closing: readonly Behaviour[] = [
  { title: 'without a code', run: closes(), gives: [2, '3: close 1005 clean'] },
  { title: 'with 1000', run: closes(1000), gives: [2, '3: close 1000 clean'] },
  { title: 'with 3000 and a reason', run: closes(3000, 'that’s it'), gives: [2, '3: close 3000 “that’s it” clean'] },
  { title: 'with 4999', run: closes(4999), gives: [2, '3: close 4999 clean'] },
  { title: 'with a code as text', run: closes('3001'), gives: [2, '3: close 3001 clean'] },
  { title: 'with a fraction, of two equally near the even', run: closes(3000.5), gives: [2, '3: close 3000 clean'] },
  { title: 'with undefined is without', run: closes(undefined), gives: [2, '3: close 1005 clean'] },
  {
    title: 'half a surrogate pair in the reason is U+FFFD',
    run: closes(3000, '\ud800'),
    gives: [2, '3: close 3000 “\ufffd” clean'],
  },
  { title: 'a reason of 123 bytes', run: closeThrows(3000, 'x'.repeat(123)), gives: 'nothing' },
  { title: 'a reason of 124 bytes: SyntaxError', run: closeThrows(3000, 'x'.repeat(124)), gives: 'SyntaxError' },
  {
    title: 'a reason of 62 characters of two bytes: SyntaxError',
    run: closeThrows(3000, 'é'.repeat(62)),
    gives: 'SyntaxError',
  },
  ...[0, 999, 1001, 1005, 2999, 5000, 70_000, -1, Number.NaN, null, 'text'].map(
    (code): Behaviour => ({
      title: `${code}: InvalidAccessError`,
      run: closeThrows(code),
      gives: 'InvalidAccessError',
    }),
  ),
  {
    title: 'a bad code is said before a bad reason',
    run: closeThrows(999, 'x'.repeat(124)),
    gives: 'InvalidAccessError',
  },
  {
    title: 'what throws does not close',
    run: async (subject) => {
      const socket = await opened(subject)
      thrown(() => socket.close(999))
      return briefly(socket, ({ readyState }) => readyState)
    },
    gives: 1,
  },
  {
    title: 'a bad code is said on a closed connection too',
    run: async (subject) => {
      const socket = await opened(subject)
      socket.close()
      await when(socket, 'close')
      return thrown(() => socket.close(1))
    },
    gives: 'InvalidAccessError',
  },
  {
    title: 'twice: the first counts',
    run: async (subject) => {
      const socket = await opened(subject)
      const told = story(socket)
      socket.close(3000)
      socket.close(3001)
      return told
    },
    gives: ['3: close 3000 clean'],
  },
  {
    title: 'once it is closed nothing more happens',
    run: async (subject) => {
      const socket = await opened(subject)
      socket.close()
      await when(socket, 'close')
      socket.close()
      return socket.readyState
    },
    gives: 3,
  },
  {
    title: 'while it connects: an error, and 1006',
    run: async (subject) => {
      const socket = connect(subject, [['stall']])
      const told = story(socket)
      socket.close()
      return [socket.readyState, ...(await told)]
    },
    gives: [2, '3: error', '3: close 1006 unclean'],
  },
  {
    title: 'while it connects, with a code: the same',
    run: async (subject) => {
      const socket = connect(subject, [['stall']])
      const told = story(socket)
      socket.close(3000, 'x')
      return told
    },
    gives: ['3: error', '3: close 1006 unclean'],
  },
  {
    title: 'when it opens',
    run: async (subject) => {
      const socket = connect(subject)
      const told = story(socket)
      socket.onopen = () => socket.close()
      return told
    },
    gives: ['1: open', '3: close 1005 clean'],
  },
  {
    title: 'what comes after it is not told',
    run: async (subject) => {
      const socket = await opened(subject, [['mute'], ['await', 1], ['text', 'late'], ['close', 1000]])
      const told = story(socket)
      socket.close()
      return told
    },
    gives: ['3: close 1000 clean'],
  },
  {
    title: 'the code is the one the server answers with',
    run: async (subject) => {
      const socket = await opened(subject, [['mute'], ['await', 1], ['close', 4001, 'mine']])
      const told = story(socket)
      socket.close(3000, 'yours')
      return told
    },
    gives: ['3: close 4001 “mine” clean'],
  },
  {
    title: 'an answer without a code: 1005',
    run: async (subject) => {
      const socket = await opened(subject, [['mute'], ['await', 1], ['close']])
      const told = story(socket)
      socket.close(3000, 'yours')
      return told
    },
    gives: ['3: close 1005 clean'],
  },
  {
    title: 'TCP ended instead of an answer: unclean',
    run: async (subject) => {
      const socket = await opened(subject, [['mute'], ['await', 1], ['drop']])
      const told = story(socket)
      socket.close(3000)
      return told
    },
    gives: ['3: close 1006 unclean'],
  },
  {
    title: 'the server: 1000',
    run: (subject) => story(connect(subject, [['close', 1000]])),
    gives: ['1: open', '3: close 1000 clean'],
  },
  {
    title: 'the server: 1001 with a reason',
    run: (subject) => story(connect(subject, [['close', 1001, 'going, für heute']])),
    gives: ['1: open', '3: close 1001 “going, für heute” clean'],
  },
  {
    title: 'the server: without a code',
    run: (subject) => story(connect(subject, [['close']])),
    gives: ['1: open', '3: close 1005 clean'],
  },
  {
    title: 'the server: 1011',
    run: (subject) => story(connect(subject, [['close', 1011]])),
    gives: ['1: open', '3: close 1011 clean'],
  },
  {
    title: 'the server: messages before it are told',
    run: (subject) =>
      story(
        connect(subject, [
          ['text', 'before'],
          ['close', 1000],
        ]),
      ),
    gives: ['1: open', '1: text before', '3: close 1000 clean'],
  },
]

const failing: readonly Behaviour[] = [
  broken('a masked frame', ['hex', '81810102030460']),
  broken('RSV1 without an extension', ['hex', 'c10161']),
  broken('RSV2', ['hex', 'a10161']),
  broken('RSV3', ['hex', '910161']),
  broken('a data opcode without meaning', ['hex', '8300']),
  broken('a control opcode without meaning', ['hex', '8b00']),
  broken('a ping in fragments', ['hex', '0900']),
  broken('a ping of 126 bytes', ['hex', `897e007e${'00'.repeat(126)}`]),
  broken('a continuation of nothing', ['hex', '800161']),
  broken('a text within a text', ['hex', '010161'], ['hex', '810162']),
  broken('text that is not UTF-8', ['hex', '8101ff']),
  broken('text that ends within a character', ['hex', '8102e298']),
  broken('a length of 64 bits with the top bit', ['hex', '827f8000000000000000']),
  broken('a close of one byte', ['hex', '880103']),
  broken('a close with 1005', ['close', 1005]),
  broken('a reason that is not UTF-8', ['hex', '880303e8ff']),
  {
    title: 'the end without a close',
    run: (subject) => story(connect(subject, [['text', 'a'], ['drop']])),
    gives: ['1: open', '1: text a', '3: close 1006 unclean'],
  },
  {
    title: 'the end within a frame',
    run: (subject) => story(connect(subject, [['hex', '810561'], ['drop']])),
    gives: ['1: open', '3: close 1006 unclean'],
  },
  {
    title: 'a reset',
    run: async (subject) => {
      const socket = await opened(subject, [['await', 1], ['reset']])
      const told = story(socket)
      socket.send('a')
      return told
    },
    gives: ['3: close 1006 unclean'],
  },
  {
    title: 'a message before the rule was broken is told',
    run: (subject) =>
      story(
        connect(subject, [
          ['text', 'a'],
          ['hex', '8300'],
        ]),
      ).then((lines) => lines.slice(1)),
    gives: ['1: text a', '3: error', '3: close 1006 unclean'],
  },
]

function under(name: string, list: readonly Behaviour[]): Behaviour[] {
  return list.map((each) => ({ ...each, title: `${name}: ${each.title}` }))
}

export const behaviours: readonly Behaviour[] = [
  ...under('new', constructing),
  ...under('shape', shape),
  ...under('handlers', handlers),
  ...under('opening', opening),
  ...under('message', receiving),
  ...under('send', sending),
  ...under('close', closing),
  ...under('failing', failing),
  ...under('compressing', compressing),
]
