// What a request must look like, checked by the host before anything else looks at it. One row a method: a method
// without a schema does not compile.
import { z } from 'zod'
import { lanes } from '../bytes/lanes.ts'
import { dialectIds } from '../dialects/registry.ts'
import { profileIds } from '../profile/prototype2010.ts'
import { filePurposes, type Method, type Payload } from './contract.ts'
import { failure, type Result, success } from './result.ts'

/** Most rows one request may ask for. */
export const mostRows = 2_000
/** Most bytes one `bytes` request may ask for. */
export const mostBytes = 65_536
/** Most bytes of one message of a page's socket: escaped as JSON it still fits into one message of the bridge. */
export const mostMessage = 8 * 1024 * 1024
/** Most questions one message may hold: a window has fewer panes. */
export const mostQuestions = 64

// A message to be sent travels in a command line, as hex at worst.
const longestLine = 16_777_216
const index = z.int().nonnegative()
const run = z.int().positive()
const rows = { from: index, count: z.int().positive().max(mostRows) }
const page = { run, ...rows }
const lane = z.enum(lanes)
const sizes = z.array(z.number().min(0).max(100)).max(16).readonly()
const line = z.string().max(longestLine)
const socket = index
const size = index.max(mostMessage)
const messageBytes = z.instanceof(Uint8Array).refine(({ length }) => length <= mostMessage, 'Too big')
const question = z.strictObject({ method: z.string(), payload: z.unknown() })
const url = z.string().max(mostBytes)
const protocols = z.array(z.string().max(1_000)).max(100).readonly()

export const payloadSchemas: { readonly [M in Method]: z.ZodType<Payload<M>> } = {
  app: z.strictObject({}) as z.ZodType<Record<string, never>>,
  together: z.strictObject({ questions: z.array(question).max(mostQuestions).readonly() }),
  command: z.strictObject({ line }),
  complete: z.strictObject({ line: z.string().max(mostBytes) }),
  rows: z.strictObject(page),
  matches: z.strictObject(page),
  find: z.strictObject({ run, expression: z.string().max(mostBytes), place: index }),
  bytes: z.strictObject({ run, lane, from: index, count: z.int().positive().max(mostBytes) }),
  unit: z.strictObject({ run, lane, offset: index }),
  text: z.strictObject({ run, lane, offset: index }),
  messages: z.strictObject(page),
  faults: z.strictObject(page),
  segments: z.strictObject(page),
  transitions: z.strictObject(page),
  connections: z.strictObject(page),
  timeline: z.strictObject({ run }),
  compare: z.strictObject({
    dialects: z.array(z.enum(dialectIds)).min(2).max(10).readonly(),
    seed: z.int().min(0).max(0xffffffff),
    lines: z.array(z.string().max(mostBytes)).max(1_000).readonly(),
  }),
  replayed: z.strictObject({}) as z.ZodType<Record<string, never>>,
  replayRows: z.strictObject({ replay: run, ...rows }),
  pickFile: z.strictObject({ purpose: z.enum(filePurposes) }),
  settings: z
    .strictObject({
      theme: z.enum(['dark', 'light', 'system']),
      profile: z.enum(profileIds).nullable(),
      layout: z.record(z.string().max(100), sizes).readonly(),
    })
    .partial() as z.ZodType<Payload<'settings'>>,
  draftOpen: z.strictObject({ socket, url, protocols, dialect: z.enum(dialectIds), compress: z.boolean() }),
  draftSend: z.strictObject({ socket, data: z.union([z.string().max(mostMessage), messageBytes]), size }),
  draftClose: z.strictObject({
    socket,
    code: z.int().min(1000).max(4999).optional(),
    reason: z.string().max(123).optional(),
  }),
  draftAbort: z.strictObject({ socket }),
  draftTook: z.strictObject({ socket, size: index }),
}

const envelope = z.strictObject({ id: index, method: z.string(), payload: z.unknown() })

/** A request that was judged: a method with a payload of its shape. */
export type Request = { readonly [M in Method]: { readonly method: M; readonly payload: Payload<M> } }[Method]

export type DraftMethod = Extract<Method, `draft${string}`>
export type DraftRequest = Extract<Request, { readonly method: DraftMethod }>

export function isDraftRequest(request: Request): request is DraftRequest {
  return request.method.startsWith('draft')
}

/** Judges a request as it came. A failure is a sentence on what is wrong with it. */
export function checkRequest(method: unknown, payload: unknown): Result<Request> {
  if (!isMethod(method)) return failure(`There is no request ${JSON.stringify(method) ?? 'without a name'}.`)
  const checked = payloadSchemas[method].safeParse(payload)
  if (checked.success) return success({ method, payload: checked.data } as Request)
  const issue = checked.error.issues[0]
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : ''
  return failure(`The request ${method} is not as agreed${where}: ${issue?.message ?? 'unknown'}.`)
}

function isMethod(name: unknown): name is Method {
  return typeof name === 'string' && Object.hasOwn(payloadSchemas, name)
}

/** The outer shape of a request that came over a WebSocket. */
export function checkEnvelope(message: unknown): Result<z.infer<typeof envelope>> {
  const checked = envelope.safeParse(message)
  return checked.success ? success(checked.data) : failure('A message of the window is not a request.')
}
