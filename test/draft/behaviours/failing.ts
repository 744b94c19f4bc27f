// What frames that break a rule do to a connection.
import { type Behaviour, broken, connect, opened, story } from '../subject.ts'

export const failing: readonly Behaviour[] = [
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
