// What the opening handshake comes to, and what it may not be answered with.
import { type Behaviour, briefly, connect, opened, story, when } from '../subject.ts'

export const opening: readonly Behaviour[] = [
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
