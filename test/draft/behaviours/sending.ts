// What goes out, in which frames, and what is not sent.
import { anyPort, type Behaviour, briefly, opened, type Subject, story, thrown, when } from '../subject.ts'

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

export const sending: readonly Behaviour[] = [
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
