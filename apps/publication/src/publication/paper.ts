/** The house's own paper, in which articles appear unless another is named. */
export class Paper {
  constructor(readonly name: string) {}
}
