// Asks one thing at a time, and of all that is to be asked meanwhile only the newest. What is typed
// faster than it is answered makes no queue.

export class OneAtATime<Question, Answer> {
  private readonly ask: (question: Question) => Promise<Answer>;
  private readonly tell: (question: Question, answer: Answer | Error) => void;
  private next: { question: Question } | undefined;
  private isAsking = false;
  private isOver = false;

  // `tell` hears of every question that was asked, until `end`.
  constructor(
    ask: (question: Question) => Promise<Answer>,
    tell: (question: Question, answer: Answer | Error) => void,
  ) {
    this.ask = ask;
    this.tell = tell;
  }

  put(question: Question) {
    this.next = { question };
    if (!this.isAsking) void this.work();
  }

  end() {
    this.isOver = true;
    this.next = undefined;
  }

  private async work() {
    this.isAsking = true;
    for (let now = this.next; now; now = this.next) {
      this.next = undefined;
      const { question } = now;
      const answer = await this.ask(question).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      if (!this.isOver) this.tell(question, answer);
    }
    this.isAsking = false;
  }
}
