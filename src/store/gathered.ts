/** Asked at the same moment, answered by one statement: whoever asks within one turn of the loop shares a round trip. */

interface Asking<Ask, Answer> {
  readonly ask: Ask
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** @param answerAll answers in the order of the asks, as many as there are */
export function gathered<Ask, Answer>(
  answerAll: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (ask: Ask) => Promise<Answer> {
  let waiting: Asking<Ask, Answer>[] = []
  const answer = async () => {
    const asking = waiting
    waiting = []
    try {
      const answers = await answerAll(asking.map(({ ask }) => ask))
      for (const [n, one] of asking.entries()) one.resolve(answers[n] as Answer)
    } catch (error) {
      for (const one of asking) one.reject(error)
    }
  }
  return (ask) =>
    new Promise((resolve, reject) => {
      waiting.push({ ask, resolve, reject })
      if (waiting.length === 1) setImmediate(answer)
    })
}
