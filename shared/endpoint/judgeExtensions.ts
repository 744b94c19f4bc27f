// What is wrong with the extensions that a request offers and a response agrees to. RFC 6455 §9.1; RFC 7692 §5, §7.1.
import type { Dialect } from '../dialects/dialect.ts'
import type { ParameterProblem } from '../extensions/compression.ts'
import { type Extension, hasTokensOnly, parseExtensions } from '../extensions/grammar.ts'
import { isPerFrameDeflate } from '../extensions/perFrameDeflate.ts'
import { judgeAnswer, perMessageDeflate, readParameters } from '../extensions/perMessageDeflate.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { Head, HeadField } from '../handshake/head.ts'
import { extensionFields } from './agreed.ts'
import { type Finding, finding } from './findings.ts'
import { valueSpan } from './judgeHead.ts'

/** Offers that cannot be read. A server passes over an offer with bad parameters, so these are warnings. */
export function judgeOffers(head: Head, dialect: Dialect): Finding[] {
  return [
    ...judgeSyntax(head, dialect),
    ...located(head, dialect)
      .filter(({ extension }) => dialect.compression === 'deflate' && extension.name === perMessageDeflate)
      .flatMap((one) =>
        readParameters(one.extension, 'offer').problems.map((problem) => parameterFinding(one, problem, offerCodes)),
      ),
  ]
}

/** Everything a response agrees to that it may not. */
export function judgeAnswers(head: Head, dialect: Dialect, offers: readonly Extension[]): Finding[] {
  const answers = located(head, dialect)
  const requested = answers.filter(({ extension }) => offers.some(({ name }) => name === extension.name))
  const unrequested = answers.filter((answer) => !requested.includes(answer))
  return [
    ...judgeSyntax(head, dialect),
    ...unrequested.map(({ field, extension }) => finding('head.extension-unrequested', field.value, extension.name)),
    ...(dialect.compression === 'deflate' ? judgeCompression(requested, offers) : []),
  ]
}

function judgeCompression(answers: readonly Located[], offers: readonly Extension[]): Finding[] {
  const [first, second] = answers.filter(
    ({ extension: { name } }) => name === perMessageDeflate || isPerFrameDeflate(name),
  )
  const twice = second
    ? [finding('extension.answer-twice', placeOf(second, second.extension), second.extension.name)]
    : []
  if (first?.extension.name !== perMessageDeflate) return twice
  return [
    ...judgeAnswer(first.extension, offers).map((problem) => parameterFinding(first, problem, answerCodes)),
    ...twice,
  ]
}

/** RFC 6455 §9.1: a value that does not follow the grammar fails the connection. */
function judgeSyntax(head: Head, dialect: Dialect): Finding[] {
  return extensionFields(head, dialect)
    .filter(({ value }) => !isGrammatical(value.text))
    .map((field) => finding('head.extension-syntax', valueSpan(field), field.value.text))
}

function isGrammatical(text: string): boolean {
  const extensions = parseExtensions(text)
  return extensions !== null && hasTokensOnly(extensions)
}

interface Located {
  readonly field: HeadField
  readonly extension: Extension
}

function located(head: Head, dialect: Dialect): readonly Located[] {
  return extensionFields(head, dialect).flatMap((field) =>
    (parseExtensions(field.value.text) ?? []).map((extension) => ({ field, extension })),
  )
}

function placeOf({ field }: Located, { start, end }: { readonly start: number; readonly end: number }) {
  return { start: field.value.start + start, end: field.value.start + end }
}

/** The parameter's place; that of the extension where the parameter is missing. */
function parameterFinding(
  one: Located,
  { reason, parameter, says }: ParameterProblem,
  codes: typeof answerCodes,
): Finding {
  return finding(codes[reason], placeOf(one, one.extension.parameters[parameter] ?? one.extension), says)
}

const answerCodes: Readonly<Record<ParameterProblem['reason'], FaultCode>> = {
  unknown: 'extension.answer-unknown',
  repeated: 'extension.answer-repeated',
  value: 'extension.answer-value',
  window: 'extension.answer-window',
  takeover: 'extension.answer-takeover',
}

/** An offer by itself can only break the first three. */
const offerCodes: typeof answerCodes = {
  ...answerCodes,
  unknown: 'extension.offer-unknown',
  repeated: 'extension.offer-repeated',
  value: 'extension.offer-value',
}
