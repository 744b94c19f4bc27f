// Section 0, which is ours: the opening handshake. RFC 6455 §4.
import type { Role } from '../bytes/lanes.ts'
import { type ConformCase, type Ending, echoed, type Head, type Move, type Opening, weClose } from './case.ts'
import { text } from './frames.ts'
import { changed, type Fields, withField, without } from './opening.ts'

const opens: readonly Move[] = [echoed(text('open'))]
const otherProtocol = 'wirestep.example'
const otherExtension = 'x-wirestep-example'

type Change = (usual: Fields) => Fields

/** A case for one role, whose opening is unusual. */
function opening(
  peer: Role,
  id: string,
  title: string,
  section: string,
  unusual: Opening,
  ending: Ending,
): ConformCase {
  const moves = () => (ending.kind === 'weClose' ? opens : [])
  return { id: `0.${id}`, title, cite: `RFC 6455 §${section}`, peers: [peer], opening: unusual, moves, ending }
}

const head =
  (change: Change, line?: string) =>
  (usual: Fields): Head => ({
    fields: change(usual),
    ...(line !== undefined && { line }),
  })
const same: Change = (usual) => usual
const change =
  (name: string, value: string): Change =>
  (usual) =>
    changed(usual, name, value)
const leaveOut =
  (name: string): Change =>
  (usual) =>
    without(usual, name)
const add =
  (name: string, value: string): Change =>
  (usual) =>
    withField(usual, name, value)

function accepted(number: number, title: string, section: string, unusual: Change, more: Opening = {}): ConformCase {
  return opening('server', `1.${number}`, `${title} is accepted`, section, { request: head(unusual), ...more }, weClose)
}

type Statuses = readonly number[]

function refused(
  number: number,
  title: string,
  section: string,
  unusual: Change,
  statuses: Statuses = [400],
  line?: string,
) {
  const ending: Ending = { kind: 'refusesRequest', statuses }
  return opening('server', `2.${number}`, `${title} is refused`, section, { request: head(unusual, line) }, ending)
}

const otherCase: Change = (usual) => usual.map(([name, value]) => [name.toUpperCase(), value])

const requests: readonly ConformCase[] = [
  accepted(1, 'a request', '4.2.1', same),
  accepted(2, 'a request written byte by byte', '4.2.1', same, { chop: 1 }),
  accepted(3, 'a request with field names in capitals', '4.2.1', otherCase),
  accepted(4, 'a request with Upgrade and Connection in another case', '4.2.1', (usual) =>
    changed(changed(usual, 'Upgrade', 'WebSocket'), 'Connection', 'UPGRADE'),
  ),
  accepted(5, 'a request with Connection: keep-alive, Upgrade', '4.2.1', change('Connection', 'keep-alive, Upgrade')),
  accepted(6, 'a request with fields nobody knows', '4.1', add('X-Wirestep', 'conform')),
  accepted(7, 'a request with white space around a value', '4.2.1', change('Upgrade', ' \t websocket \t ')),
  accepted(
    8,
    'a request for a subprotocol the server does not speak',
    '4.2.2',
    add('Sec-WebSocket-Protocol', otherProtocol),
  ),
  accepted(
    9,
    'a request for an extension the server does not know',
    '9.1',
    add('Sec-WebSocket-Extensions', otherExtension),
  ),
  refused(1, 'a request with POST', '4.2.1', same, [405, 400], 'POST / HTTP/1.1'),
  refused(2, 'a request of HTTP/1.0', '4.2.1', same, [400, 505, 426], 'GET / HTTP/1.0'),
  refused(3, 'a request without Host', '4.2.1', leaveOut('Host')),
  refused(4, 'a request without Upgrade', '4.2.1', leaveOut('Upgrade'), [400, 426]),
  refused(5, 'a request to upgrade to another protocol', '4.2.1', change('Upgrade', 'h2c'), [400, 426]),
  refused(6, 'a request without Connection', '4.2.1', leaveOut('Connection'), [400, 426]),
  refused(
    7,
    'a request whose Connection does not say Upgrade',
    '4.2.1',
    change('Connection', 'keep-alive'),
    [400, 426],
  ),
  refused(8, 'a request without a key', '4.2.1', leaveOut('Sec-WebSocket-Key')),
  refused(9, 'a request with a key of 15 bytes', '4.2.1', change('Sec-WebSocket-Key', 'AAECAwQFBgcICQoLDA0O')),
  refused(
    10,
    'a request with a key that is not base64',
    '4.2.1',
    change('Sec-WebSocket-Key', '!!ECAwQFBgcICQoLDA0ODw=='),
  ),
  refused(11, 'a request with two keys', '11.3.1', add('Sec-WebSocket-Key', 'AAECAwQFBgcICQoLDA0ODw==')),
  refused(12, 'a request without a version', '4.2.1', leaveOut('Sec-WebSocket-Version'), [400, 426]),
  opening(
    'server',
    '2.13',
    'a request of a version nobody defined is refused, and the right one named',
    '4.4',
    { request: head(change('Sec-WebSocket-Version', '99')) },
    { kind: 'refusesRequest', statuses: [426, 400], names: 'Sec-WebSocket-Version' },
  ),
]

function agreed(number: number, title: string, section: string, unusual: Change, more: Opening = {}, line?: string) {
  const response = head(unusual, line)
  return opening('client', `3.${number}`, `${title} is taken`, section, { response, ...more }, weClose)
}

function givenUp(number: number, title: string, section: string, unusual: Change, line?: string): ConformCase {
  const unusualOpening = { response: head(unusual, line) }
  return opening('client', `4.${number}`, `${title} ends the connection`, section, unusualOpening, {
    kind: 'refusesResponse',
  })
}

const responses: readonly ConformCase[] = [
  agreed(1, 'a response', '4.1', same),
  agreed(2, 'a response written byte by byte', '4.1', same, { chop: 1 }),
  agreed(3, 'a response with field names in capitals', '4.1', otherCase),
  agreed(4, 'a response with Upgrade and Connection in another case', '4.1', (usual) =>
    changed(changed(usual, 'Upgrade', 'WebSocket'), 'Connection', 'UPGRADE'),
  ),
  agreed(5, 'a response with white space around the accept value', '4.1', (usual) =>
    usual.map(([name, value]) => [name, name === 'Sec-WebSocket-Accept' ? ` \t${value} \t` : value]),
  ),
  agreed(6, 'a response with fields nobody knows', '4.1', add('X-Wirestep', 'conform')),
  agreed(7, 'a response with a reason phrase of its own', '4.1', same, {}, 'HTTP/1.1 101 Welcome'),
  givenUp(1, 'a response with status 200', '4.1', same, 'HTTP/1.1 200 OK'),
  givenUp(2, 'a response with status 403', '4.1', same, 'HTTP/1.1 403 Forbidden'),
  givenUp(3, 'a response without Upgrade', '4.1', leaveOut('Upgrade')),
  givenUp(4, 'a response that upgrades to another protocol', '4.1', change('Upgrade', 'h2c')),
  givenUp(5, 'a response without Connection', '4.1', leaveOut('Connection')),
  givenUp(6, 'a response whose Connection does not say Upgrade', '4.1', change('Connection', 'keep-alive')),
  givenUp(7, 'a response without an accept value', '4.1', leaveOut('Sec-WebSocket-Accept')),
  givenUp(
    8,
    'a response with an accept value for another key',
    '4.1',
    change('Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='),
  ),
  givenUp(9, 'a response with a subprotocol nobody asked for', '4.1', add('Sec-WebSocket-Protocol', otherProtocol)),
  givenUp(10, 'a response with an extension nobody asked for', '4.1', add('Sec-WebSocket-Extensions', otherExtension)),
]

export const handshakeCases: readonly ConformCase[] = [...requests, ...responses]
