// What a run came to: lines for people, JSON, and JUnit.
import type { Verdict } from '../../shared/conform/case.ts'
import { sectionOf, sectionTitles } from '../../shared/conform/cases.ts'
import type { CaseResult } from './run.ts'

export const verdicts: readonly Verdict[] = ['pass', 'non-strict', 'informational', 'fail', 'unsupported']

/** `fail  5.1  a ping in two fragments …` and, where there is something to tell, what was expected and what came. */
export function resultLines({ test, outcome, session }: CaseResult): readonly string[] {
  const { verdict, expected, came, at, fault, cite } = outcome
  const line = `${verdict.padEnd(13)}  ${test.id.padEnd(8)}  ${test.title}`
  if (verdict === 'pass' || verdict === 'unsupported') return [line]
  const place = at ? `; at byte ${at.offset} of ${at.lane}` : ''
  const rule = fault ? `${cite}, ${fault}` : cite
  const where = session ? [`               session: ${session}`] : []
  return [line, `               expected: ${expected}; came: ${came}${place} (${rule})`, ...where]
}

export function resultJson({ test, outcome, milliseconds, session }: CaseResult): object {
  const { verdict, expected, came, at, fault, cite } = outcome
  const rule = { cite, fault }
  return {
    case: test.id,
    title: test.title,
    verdict,
    expected,
    came,
    at,
    rule,
    milliseconds: Math.round(milliseconds),
    session,
  }
}

/** Counts of each verdict by section, and of all. */
export function totals(results: readonly CaseResult[]): readonly string[] {
  const sections = [...new Set(results.map(({ test }) => sectionOf(test)))]
  const rows = sections.map((section) => [
    `${section} ${sectionTitles[section]}`,
    ...counts(results.filter(({ test }) => sectionOf(test) === section)),
  ])
  const table = [['section', ...verdicts], ...rows, ['all', ...counts(results)]]
  const width = Math.max(...table.map(([first]) => first!.length))
  return table.map(([first, ...rest]) => [first!.padEnd(width), ...rest.map((cell) => cell.padStart(13))].join(' '))
}

function counts(results: readonly CaseResult[]): string[] {
  return verdicts.map((verdict) => `${results.filter(({ outcome }) => outcome.verdict === verdict).length}`)
}

/** JUnit XML: a suite a section, a failure for every case that fails, skipped for those that do not apply. */
export function junit(results: readonly CaseResult[]): string {
  const sections = [...new Set(results.map(({ test }) => sectionOf(test)))]
  const suites = sections.map((section) => {
    const own = results.filter(({ test }) => sectionOf(test) === section)
    return [
      `  <testsuite name="${escaped(`${section} ${sectionTitles[section]}`)}" ${attributes(own)}>`,
      ...own.map(testCase),
      '  </testsuite>',
    ]
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="wirestep conform" ${attributes(results)}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n')
}

function attributes(results: readonly CaseResult[]): string {
  const count = (verdict: Verdict) => results.filter(({ outcome }) => outcome.verdict === verdict).length
  const time = results.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return `tests="${results.length}" failures="${count('fail')}" errors="0" skipped="${count('unsupported')}" time="${seconds(time)}"`
}

function testCase({ test, outcome, milliseconds, session }: CaseResult): string {
  const open = `    <testcase classname="conform.${sectionOf(test)}" name="${escaped(`${test.id} ${test.title}`)}" time="${seconds(milliseconds)}"`
  const { verdict, came, expected, cite, at } = outcome
  if (verdict === 'unsupported') return `${open}><skipped message="${escaped(came)}"/></testcase>`
  if (verdict !== 'fail') return `${open}/>`
  const place = at ? ` At byte ${at.offset} of ${at.lane}.` : ''
  const text = `Expected: ${expected}. Came: ${came}.${place}${session ? ` Session: ${session}` : ''}`
  return `${open}><failure type="${escaped(cite)}" message="${escaped(came)}">${escaped(text)}</failure></testcase>`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

/** XML 1.0 has no place for most control characters, escaped or not. */
function escaped(text: string): string {
  return [...text]
    .filter((letter) => letter >= ' ' || letter === '\n' || letter === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
