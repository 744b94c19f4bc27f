// What arrives, as what type, and in what order.
import type { Order } from '../orders.ts'
import { type Behaviour, connect, hexOf, type Subject, story, urlFor, when } from '../subject.ts'

/** Every message of a connection that says what it has to say and closes. */
function messages(...orders: Order[]) {
  return async (subject: Subject) => (await story(connect(subject, [...orders, ['close', 1000]]))).slice(1, -1)
}

export const receiving: readonly Behaviour[] = [
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
