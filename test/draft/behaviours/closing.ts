// Closing from either side: codes, reasons, states, and what else still happens.
import { type Behaviour, briefly, connect, opened, type Subject, story, thrown, when } from '../subject.ts'

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

export const closing: readonly Behaviour[] = [
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
