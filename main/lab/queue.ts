/** Does jobs one after the other, in the order they were given. A job that throws fails only for who gave it. */
export function createQueue(): <T>(job: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (job) => {
    const done = last.then(job)
    last = done.catch(() => {}) // whoever gave the job gets the error; the next job runs all the same
    return done
  }
}
