// How handlers and listeners are called, and what they are called with.
import { anyPort, type Behaviour, briefly, connect, told, when } from '../subject.ts'

export const handlers: readonly Behaviour[] = [
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
