// What the class and what it makes look like from outside: constants, members, and the state before it is open.
import { anyPort, type Behaviour, briefly, thrown } from '../subject.ts'

const first = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }

export const shape: readonly Behaviour[] = [
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
