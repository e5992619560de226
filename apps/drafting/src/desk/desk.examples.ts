/** One desk, as the examples of drafting's API tell of it. */
const requirements = [
  { of: 'byline', min: 1 },
  { of: 'paragraphs', min: 1 },
  { of: 'headline', max: 120 },
  { of: 'headline', max: 80, warning: true },
];

export const setRequirements = { kind: 'story', requirements };
export const view = { desk: 'city', requirements: [{ kind: 'story', own: true, requirements }] };
export const listed = { items: [{ desk: 'city', version: 3 }] };
