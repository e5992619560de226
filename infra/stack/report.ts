export interface Report {
  readonly say: (line: string) => void;
  /** Says that `title` is going on, and at its end how long it took; `progress` tells how far it has come. */
  readonly step: <T>(title: string, work: (progress: (soFar: string) => void) => Promise<T>) => Promise<T>;
}

// Long enough not to chatter, short enough that nobody takes a download for a hang.
const stillGoingMs = 5000;

function stepsTo(say: (line: string) => void): Report {
  return {
    say,
    async step(title, work) {
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
      let far = '';
      say(`${title} …`);
      const reminder = setInterval(() => {
        say(`${title} … still going, ${seconds()}${far && `, ${far}`}`);
      }, stillGoingMs);
      try {
        const result = await work((soFar) => (far = soFar));
        say(`${title}: done in ${seconds()}`);
        return result;
      } catch (error) {
        say(`${title}: failed after ${seconds()}`);
        throw error;
      } finally {
        clearInterval(reminder);
      }
    },
  };
}

export const toTerminal: Report = stepsTo((line) => {
  console.log(line);
});

/** For what answers on standard output itself. */
export const toStandardError: Report = stepsTo((line) => {
  console.error(line);
});

export const toNobody: Report = stepsTo(() => undefined);
