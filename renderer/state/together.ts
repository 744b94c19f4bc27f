// Questions that are asked at once are one message and are answered at once, so that what a step changed is asked, sent
// and drawn in one go.
import type { Answer, Bridge, Question } from '../../shared/ipc/contract.ts'
import type { Result } from '../../shared/ipc/result.ts'

type Request = Bridge['request']

/** Asks as `request` does, what is asked in one task in one message behind it. */
export function askTogether(request: Request): Request {
  let questions: Question[] = []
  let answers: Promise<Result<Answer<'together'>>> | null = null

  async function askAll(): Promise<Result<Answer<'together'>>> {
    await Promise.resolve()
    const all = questions
    questions = []
    answers = null
    return request('together', { questions: all })
  }

  return async (method, payload) => {
    answers ??= askAll()
    const place = questions.push({ method, payload }) - 1
    const all = await answers
    // The host answers each as it answers it alone.
    return all.ok ? (all.value.answers[place] as Result<Answer<typeof method>>) : all
  }
}
